package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.rtp.RtpHeader;
import hansard.testkit.SrtpSender;
import hansard.wire.RejectReason;
import hansard.wire.StreamDescription;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpReceiverTest {
    private static final byte[] HELLO = "hello, the desk".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NO_MKI = {};
    private static final SrtpSuite SUITE = SrtpSuite.AES_CM_128_HMAC_SHA1_80;
    private static final byte[] KEY = SyntheticStream.keyAndSalt(SUITE, 1);

    private final SrtpSender sender = sender(SUITE, KEY, NO_MKI, 0, 77);
    private Sources sources = new Sources();
    private SrtpReceiver receiver = receiver(SUITE, 0L, 0, key(SUITE, 0, NO_MKI, 0, KEY));

    @ParameterizedTest
    @EnumSource
    void opensWhatAnIndependentSenderSealed(SrtpSuite suite) {
        for (long rate : List.of(0L, 1L, 256L, 1L << 24)) {
            for (byte[] mki : List.of(NO_MKI, new byte[] {7}, new byte[128])) {
                byte[] master = SyntheticStream.keyAndSalt(suite, 3);
                sources = new Sources();
                receiver = receiver(suite, 3L, rate, key(suite, 0, mki, rate, master));
                SrtpSender other = sender(suite, master, mki, rate, 0xfffffff0L);
                for (long index : new long[] {(3L << 16) + 65_530, (4L << 16) + 2, (3L << 16) + 65_531, 5L << 16}) {
                    byte[] datagram = other.datagram(index, 1, true, HELLO);
                    Verdict.Authentic opened = assertInstanceOf(Verdict.Authentic.class, examine(datagram));
                    assertEquals(index, opened.index());
                    assertArrayEquals(HELLO, opened.payload());
                    receiver.remember(opened);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void forgedPacketLeavesNoState(SrtpSuite suite) {
        byte[] master = SyntheticStream.keyAndSalt(suite, 3);
        receiver = receiver(suite, 0L, 0, key(suite, 0, NO_MKI, 0, master));
        SrtpSender other = sender(suite, master, NO_MKI, 0, 77);
        accept(other, 10);
        byte[] before = contexts();
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            byte[] forged = other.datagram(11 + i, i, false, HELLO);
            forged[2 + random.nextInt(forged.length - 2)] ^= (byte) (1 << random.nextInt(8));
            if (RtpHeader.parse(forged, forged.length) != null) {
                Verdict.Refused refused = assertInstanceOf(Verdict.Refused.class, examine(forged));
                // a bit of the SSRC may be the one that was changed
                assertTrue(
                        refused.reason() == RejectReason.AUTH_FAILED || refused.reason() == RejectReason.FOREIGN_SSRC);
            }
        }
        assertArrayEquals(before, contexts());
        accept(other, 11);
    }

    @Test
    void replayIsRejected() {
        accept(sender, 10);
        accept(sender, 9);
        refuse(sender, 10, RejectReason.REPLAYED);
        refuse(sender, 9, RejectReason.REPLAYED);
        accept(sender, 8);
        accept(sender, 10 + ReplayWindow.SIZE);
        refuse(sender, 10, RejectReason.REPLAYED); // older than the window
        accept(sender, 11);
    }

    @ParameterizedTest
    @EnumSource
    void truncatedTagIsMalformed(SrtpSuite suite) {
        byte[] master = SyntheticStream.keyAndSalt(suite, 3);
        receiver = receiver(suite, 0L, 0, key(suite, 0, NO_MKI, 0, master));
        byte[] whole = sender(suite, master, NO_MKI, 0, 77).datagram(5, 5, false, new byte[0]);
        for (int length = RtpHeader.MIN_LENGTH; length < whole.length; length++) {
            assertEquals(new Verdict.Refused(RejectReason.MALFORMED), examine(Arrays.copyOf(whole, length)));
        }
        assertInstanceOf(Verdict.Authentic.class, examine(whole));
    }

    @ParameterizedTest
    @EnumSource
    void keyOfAnotherCallOpensNothing(SrtpSuite suite) {
        receiver = receiver(suite, 0L, 0, key(suite, 0, NO_MKI, 0, SyntheticStream.keyAndSalt(suite, 3)));
        SrtpSender stranger = sender(suite, SyntheticStream.keyAndSalt(suite, 4), NO_MKI, 0, 77);
        for (int i = 0; i < 50; i++) {
            refuse(stranger, i, RejectReason.AUTH_FAILED);
        }
    }

    @Test
    void downgradedSuiteIsNotAuthentic() {
        // the same master key, but the tag of four bytes that an attacker would rather guess, and no tag at all
        SrtpSender weaker = sender(SrtpSuite.AES_CM_128_HMAC_SHA1_32, KEY, NO_MKI, 0, 77);
        byte[] shortTag = weaker.datagram(5, 5, false, HELLO);
        assertEquals(new Verdict.Refused(RejectReason.AUTH_FAILED), examine(shortTag));
        byte[] padded = Arrays.copyOf(shortTag, shortTag.length + 6);
        assertEquals(new Verdict.Refused(RejectReason.AUTH_FAILED), examine(padded));
        byte[] plain = sender.plainRtp(5, 5, false, HELLO);
        assertEquals(new Verdict.Refused(RejectReason.AUTH_FAILED), examine(plain));
    }

    @Test
    void mkiChoosesTheKeyAndAnUnknownOneIsRefused() {
        byte[] first = {0, 0, 0, 1};
        byte[] second = {0, 0, 0, 2};
        byte[] other = SyntheticStream.keyAndSalt(SUITE, 2);
        receiver = receiver(SUITE, 0L, 0, key(SUITE, 1, second, 0, other), key(SUITE, 0, first, 0, KEY));
        SrtpSender old = sender(SUITE, KEY, first, 0, 77);
        SrtpSender next = sender(SUITE, other, second, 0, 77);
        accept(old, 1);
        accept(next, 3); // RFC 3711 section 3.3.1: the index goes on
        accept(old, 2);
        refuse(sender(SUITE, KEY, second, 0, 77), 4, RejectReason.AUTH_FAILED);
        refuse(sender(SUITE, KEY, new byte[] {0, 0, 0, 3}, 0, 77), 4, RejectReason.UNKNOWN_MKI);
        refuse(sender(SUITE, KEY, NO_MKI, 0, 77), 4, RejectReason.UNKNOWN_MKI); // missing
        byte[] shorterThanItsMki = sender(SUITE, KEY, NO_MKI, 0, 77).datagram(4, 4, false, new byte[0]);
        assertEquals(new Verdict.Refused(RejectReason.MALFORMED), examine(shorterThanItsMki));
        accept(next, 4);
    }

    @ParameterizedTest
    @EnumSource
    void oversizedMkiOpensNothingAndLeavesNoState(SrtpSuite suite) {
        byte[] master = SyntheticStream.keyAndSalt(suite, 3);
        byte[] mki = {0, 0, 0, 1};
        receiver = receiver(suite, 0L, 0, key(suite, 0, mki, 0, master));
        SrtpSender named = sender(suite, master, mki, 0, 77);
        accept(named, 1);
        byte[] before = contexts();
        for (int length : List.of(5, 128, 129, 1_000)) {
            SrtpSender oversized = sender(suite, master, new byte[length], 0, 77);
            refuse(oversized, 2, RejectReason.UNKNOWN_MKI);
            // the identifier we know, at the end of one that is longer: the tag does not cover where we look
            byte[] padded = new byte[length];
            System.arraycopy(mki, 0, padded, length - mki.length, mki.length);
            refuse(sender(suite, master, padded, 0, 77), 2, RejectReason.AUTH_FAILED);
        }
        assertArrayEquals(before, contexts());
        accept(named, 2);
    }

    @Test
    void rekeyWithoutMkiKeepsTheRolloverCounter() {
        byte[] other = SyntheticStream.keyAndSalt(SUITE, 2);
        receiver = receiver(SUITE, 0L, 0, key(SUITE, 1, NO_MKI, 0, other), key(SUITE, 0, NO_MKI, 0, KEY));
        SrtpSender next = sender(SUITE, other, NO_MKI, 0, 77);
        accept(sender, 65_530);
        accept(next, 65_540);
        accept(sender, 65_535); // still on its way
        accept(next, 65_541);
        assertEquals(1, sources.size());
        refuse(sender, 65_530, RejectReason.REPLAYED);
    }

    @Test
    void rekeyMayBeginTheRolloverCounterAgainAndOldPacketsStayReplays() {
        byte[] other = SyntheticStream.keyAndSalt(SUITE, 2);
        receiver = receiver(SUITE, 0L, 0, key(SUITE, 1, NO_MKI, 0, other), key(SUITE, 0, NO_MKI, 0, KEY));
        SrtpSender next = sender(SUITE, other, NO_MKI, 0, 77);
        accept(sender, 65_000);
        accept(sender, 65_536 + 40_000);
        accept(next, 40_001); // the counter begins again, the sequence number goes on
        accept(next, 40_002);
        accept(sender, 65_536 + 39_999);
        refuse(sender, 65_536 + 40_000, RejectReason.REPLAYED);
        refuse(next, 40_001, RejectReason.REPLAYED);
        assertEquals(2, sources.size());
    }

    @Test
    void rekeyMayBeginTheSequenceAgain() {
        byte[] other = SyntheticStream.keyAndSalt(SUITE, 2);
        receiver = receiver(SUITE, 0L, 0, key(SUITE, 1, NO_MKI, 0, other), key(SUITE, 0, NO_MKI, 0, KEY));
        accept(sender, 20_000);
        SrtpSender next = sender(SUITE, other, NO_MKI, 0, 77);
        accept(next, 1);
        accept(next, 2);
        refuse(next, 1, RejectReason.REPLAYED);
        refuse(sender, 20_000, RejectReason.REPLAYED);
    }

    @Test
    void anotherSsrcUnderTheKeyIsAnotherContext() {
        accept(sender, 30_000);
        SrtpSender republished = sender(SUITE, KEY, NO_MKI, 0, 78);
        accept(republished, 1);
        accept(republished, 2);
        refuse(republished, 1, RejectReason.REPLAYED);
        refuse(sender, 30_000, RejectReason.REPLAYED);
        accept(sender, 30_001);
        assertEquals(2, sources.size());
        refuse(sender(SUITE, SyntheticStream.keyAndSalt(SUITE, 2), NO_MKI, 0, 79), 3, RejectReason.FOREIGN_SSRC);
    }

    @Test
    void announcedSsrcIsTheOnlyOne() {
        receiver = receiver(SUITE, 0L, 77L, 0, key(SUITE, 0, NO_MKI, 0, KEY));
        refuse(sender(SUITE, KEY, NO_MKI, 0, 78), 3, RejectReason.FOREIGN_SSRC);
        accept(sender, 3);
    }

    @Test
    void floodOfForgedSsrcsLeavesNoContextAndCostsABoundedNumberOfTrials() {
        accept(sender, 1);
        byte[] before = contexts();
        SrtpSender[] forgers = new SrtpSender[64];
        for (int i = 0; i < forgers.length; i++) {
            forgers[i] = sender(SUITE, SyntheticStream.keyAndSalt(SUITE, 9), NO_MKI, 0, 1_000 + i);
        }
        long begun = System.nanoTime();
        int packets = 20_000;
        for (int i = 0; i < packets; i++) {
            byte[] datagram = forgers[i % forgers.length].datagram(i, i, false, HELLO);
            assertEquals(new Verdict.Refused(RejectReason.FOREIGN_SSRC), examine(datagram));
        }
        assertArrayEquals(before, contexts());
        // without a budget, twenty thousand packets would cost eighty million trials, a minute and more
        assertTrue(System.nanoTime() - begun < 30_000_000_000L);
        for (int i = 0; i < Sources.MAX - 1; i++) {
            accept(sender(SUITE, KEY, NO_MKI, 0, 100 + i), 5);
        }
        refuse(sender(SUITE, KEY, NO_MKI, 0, 99), 5, RejectReason.FOREIGN_SSRC);
        accept(sender, 2);
    }

    @Test
    void rocWrapsAndIsGuessedBackwards() {
        accept(sender, 65_530);
        accept(sender, 65_540); // 4 after the wrap
        accept(sender, 65_535); // from before it
        accept(sender, 65_536);
        accept(sender, 95_000);
        accept(sender, 120_000);
        accept(sender, 2 * 65_536 - 10);
        accept(sender, 2 * 65_536 + 1);
        accept(sender, 2 * 65_536 - 1);
    }

    @Test
    void firstPacketMayComeFromAfterTheFirstWrap() {
        accept(sender, 65_536 + 3);
        accept(sender, 65_534);
    }

    @Test
    void recorderThatJoinsLateFindsTheRolloverCounter() {
        receiver = receiver(SUITE, null, 0, key(SUITE, 0, NO_MKI, 0, KEY));
        long late = (3_000L << 16) + 65_530;
        accept(sender, late);
        accept(sender, late + 20);
    }

    @Test
    void counterIsFoundWithAKeyDerivationRateToo() {
        receiver = receiver(SUITE, null, 16, key(SUITE, 0, NO_MKI, 16, KEY));
        accept(sender(SUITE, KEY, NO_MKI, 16, 77), (3_000L << 16) + 65_530);
    }

    @Test
    void trialsThatDeriveKeysUseTheBudgetUpSooner() {
        assertEquals(SearchBudget.WITH_DERIVATION * spentOnAForgedPacket(0), spentOnAForgedPacket(16));
    }

    private int spentOnAForgedPacket(long rate) {
        sources = new Sources();
        receiver = receiver(SUITE, null, rate, key(SUITE, 0, NO_MKI, rate, KEY));
        refuse(sender(SUITE, SyntheticStream.keyAndSalt(SUITE, 9), NO_MKI, rate, 77), 5, RejectReason.AUTH_FAILED);
        int left = 0;
        while (sources.budget.spend(1, 0)) {
            left++;
        }
        assertTrue(left < SearchBudget.BURST, "nothing was searched for");
        return SearchBudget.BURST - left;
    }

    @Test
    void outageLongerThanHalfTheSequenceSpaceIsSurvived() {
        accept(sender, 1_000);
        accept(sender, 1_000 + 40_000); // RFC 3711 appendix A guesses a rollover counter too few
        accept(sender, 1_000 + 7 * 65_536);
        accept(sender, 1_001 + 7 * 65_536);
    }

    @Test
    void pauseLongerThanHalfTheSequenceSpaceKeepsTheRolloverCounter() {
        accept(sender, 1_000);
        sources.skip(0);
        accept(sender, 60_000); // further than the RFC's guess can see
        sources.skip(2);
        accept(sender, 3 * 65_536 + 5); // the third wrap fell between the last thrown away and this
        accept(sender, 3 * 65_536 + 6);
    }

    private void accept(SrtpSender by, long packet) {
        byte[] datagram = by.datagram(packet, packet, false, HELLO);
        Verdict.Authentic opened = assertInstanceOf(Verdict.Authentic.class, examine(datagram), "packet " + packet);
        assertEquals(packet, opened.index());
        assertArrayEquals(HELLO, opened.payload());
        receiver.remember(opened);
    }

    private void refuse(SrtpSender by, long packet, RejectReason reason) {
        assertEquals(new Verdict.Refused(reason), examine(by.datagram(packet, packet, false, HELLO)));
    }

    private Verdict examine(byte[] datagram) {
        return receiver.examine(
                datagram, Objects.requireNonNull(RtpHeader.parse(datagram, datagram.length)), SyntheticStream.START);
    }

    /** What is remembered, without the budget. */
    private byte[] contexts() {
        StateWriter out = new StateWriter();
        for (int i = 0; i < sources.size(); i++) {
            sources.get(i).write(out);
        }
        return out.toBytes();
    }

    private SrtpReceiver receiver(SrtpSuite suite, @Nullable Long roc, long rate, MasterKey... newestFirst) {
        return receiver(suite, roc, null, rate, newestFirst);
    }

    private SrtpReceiver receiver(
            SrtpSuite suite, @Nullable Long roc, @Nullable Long ssrc, long rate, MasterKey... newestFirst) {
        sources = new Sources();
        var srtp = new StreamDescription.Srtp(suite.name(), roc, rate);
        StreamDescription stream = new SyntheticStream("s", "opus", 1, srtp, ssrc).description;
        return new SrtpReceiver(stream, new KeyRing(List.of(newestFirst), ""), sources);
    }

    private static MasterKey key(SrtpSuite suite, int ordinal, byte[] mki, long rate, byte[] keyAndSalt) {
        return new MasterKey(ordinal, suite, mki, rate, keyAndSalt);
    }

    private static SrtpSender sender(SrtpSuite suite, byte[] keyAndSalt, byte[] mki, long rate, long ssrc) {
        return new SrtpSender(suite.name(), keyAndSalt, mki, rate, ssrc, 111);
    }
}
