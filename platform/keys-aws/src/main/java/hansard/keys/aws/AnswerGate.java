package hansard.keys.aws;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Lets through to the SDK what is small, and an object whose secrets are texts if it is an answer and no error. What is not, its parser would quote in
 * exceptions and, at level DEBUG, in logs; and answers hold keys.
 */
final class AnswerGate implements ExecutionInterceptor {
    /** Answers to our small questions are smaller than this. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private static final List<String> SECRETS = List.of("Plaintext", "SharedSecret");

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        InputStream body = context.responseBody().orElse(null);
        if (body == null) {
            return Optional.empty();
        }
        byte[] answer;
        try (body) {
            answer = body.readNBytes(MAX_ANSWER_BYTES + 1);
        } catch (IOException e) {
            throw SdkClientException.create("the answer broke off", e);
        }
        if (answer.length > MAX_ANSWER_BYTES
                || (context.httpResponse().isSuccessful() && answer.length > 0 && !isAnswer(answer))) {
            throw SdkClientException.create("the answer is not one of AWS KMS");
        }
        return Optional.of(new ByteArrayInputStream(answer));
    }

    private static boolean isAnswer(byte[] answer) {
        try {
            JsonNode root = Json.read(answer, JsonNode.class);
            return root.isObject()
                    && SECRETS.stream()
                            .allMatch(name -> !root.has(name) || root.get(name).isTextual());
        } catch (HansardException e) {
            return false;
        }
    }
}
