package hansard.runtime;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for components of a record that are null although they may not be. Jackson leaves out what the JSON leaves out, and the
 * code behind it relies on {@code @NullMarked}. Thread-safe.
 */
final class RecordFields {
    private static final ClassValue<List<Required>> REQUIRED = new ClassValue<>() {
        @Override
        protected List<Required> computeValue(Class<?> type) {
            return Arrays.stream(type.getRecordComponents())
                    .filter(c -> !c.getType().isPrimitive())
                    .map(Required::of)
                    .toList();
        }
    };

    private record Required(String name, Method accessor, boolean mayBeNull) {
        static Required of(RecordComponent component) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true); // records that are private to their class are read too
            return new Required(
                    component.getName(), accessor, component.getAnnotatedType().isAnnotationPresent(Nullable.class));
        }

        @Nullable
        Object of(Object record) {
            try {
                return accessor.invoke(record);
            } catch (ReflectiveOperationException e) {
                throw new HansardException(ErrorCode.INTERNAL, "a record's " + name + " cannot be read", e);
            }
        }
    }

    private RecordFields() {}

    /** The dotted name of the first missing component, or null when the value is whole. Depth is that of our own types. */
    static @Nullable String firstMissing(Object value) {
        if (value instanceof Collection<?> list) {
            for (Object element : list) {
                String missing = element == null ? "an entry" : firstMissing(element);
                if (missing != null) {
                    return missing;
                }
            }
        } else if (value instanceof Record) {
            for (Required component : REQUIRED.get(value.getClass())) {
                Object field = component.of(value);
                String missing = field == null ? (component.mayBeNull ? null : "") : firstMissing(field);
                if (missing != null) {
                    return missing.isEmpty() ? component.name : component.name + "." + missing;
                }
            }
        }
        return null;
    }
}
