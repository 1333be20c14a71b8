package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.ProviderException;
import javax.crypto.AEADBadTagException;
import javax.crypto.IllegalBlockSizeException;
import org.junit.jupiter.api.Test;

class TokenErrorTest {
    @Test
    void aTokenThatIsGoneIsNotTakenForAlteredData() {
        for (String value : new String[] {
            "CKR_DEVICE_ERROR",
            "CKR_DEVICE_MEMORY",
            "CKR_DEVICE_REMOVED",
            "CKR_TOKEN_NOT_PRESENT",
            "CKR_SESSION_CLOSED",
            "CKR_KEY_HANDLE_INVALID",
            "CKR_USER_NOT_LOGGED_IN",
            "CKR_HOST_MEMORY"
        }) {
            assertEquals(
                    TokenError.TOKEN, TokenError.of(new ProviderException("doFinal() failed", new Exception(value))));
        }
        assertEquals(TokenError.TOKEN, TokenError.of(new ProviderException("no return value")));
    }

    @Test
    void aWrongTagIsTakenForWhatItIs() {
        assertEquals(
                TokenError.DATA, TokenError.of(new ProviderException(new Exception("CKR_ENCRYPTED_DATA_INVALID"))));
        assertEquals(TokenError.DATA, TokenError.of(new AEADBadTagException("mac check failed")));
        assertEquals(TokenError.DATA, TokenError.of(new IllegalBlockSizeException()));
    }

    @Test
    void aGeneralErrorIsUnclearAlsoWhenTheJdkCallsItAWrongTag() {
        AEADBadTagException asTheJdkSays = new AEADBadTagException("PKCS11Exception: CKR_GENERAL_ERROR");
        assertEquals(TokenError.UNCLEAR, TokenError.of(asTheJdkSays));
        assertEquals(TokenError.UNCLEAR, TokenError.of(new ProviderException(new Exception("CKR_FUNCTION_FAILED"))));
    }
}
