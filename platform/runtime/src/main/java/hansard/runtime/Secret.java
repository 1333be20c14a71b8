package hansard.runtime;

import java.util.Objects;

/** A value that must not be printed. Only {@link #reveal()} gives it; {@code toString} never does. */
public final class Secret<T> {
    private final T value;

    private Secret(T value) {
        this.value = value;
    }

    public static <T> Secret<T> of(T value) {
        return new Secret<>(Objects.requireNonNull(value));
    }

    public T reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
