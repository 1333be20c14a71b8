/*
 * Puts libsrtp beside our own SRTP: protects or opens the packets it is given, or measures how long opening them takes.
 *
 *   srtp-twin protect SUITE KEYS        lines in and out, see below
 *   srtp-twin open SUITE KEYS
 *   srtp-twin time SUITE KEYS ROUNDS    reads all lines "rtp INDEX HEX" first; prints nanoseconds a packet, one line a round
 *
 * SUITE is the SDES name; KEYS is HEX (master key and salt), or MKI:HEX,MKI:HEX for several. A line is
 *   KIND INDEX KEY HEX
 * where KIND is rtp or rtcp, INDEX the 48-bit packet index (only its rollover counter matters, for the first packet of an SSRC), KEY the
 * ordinal of the key to protect under, HEX the packet. The answer to each is one line: HEX, or "refused N" with libsrtp's error number.
 */
#include <srtp2/srtp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_KEYS 8
#define MAX_PACKET 2048
#define ROOM (MAX_PACKET + SRTP_MAX_TRAILER_LEN + 64)

static unsigned char key_bytes[MAX_KEYS][64];
static unsigned char mki_bytes[MAX_KEYS][128];
static srtp_master_key_t keys[MAX_KEYS];
static srtp_master_key_t *key_list[MAX_KEYS];

static void fail(const char *what, int number) {
    fprintf(stderr, "srtp-twin: %s (%d)\n", what, number);
    exit(2);
}

static int unhex(const char *hex, size_t digits, unsigned char *out, size_t room) {
    if (digits % 2 || digits / 2 > room) fail("bad hex", (int) digits);
    for (size_t i = 0; i < digits / 2; i++) {
        unsigned byte;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) fail("bad hex", (int) i);
        out[i] = (unsigned char) byte;
    }
    return (int) (digits / 2);
}

static int read_keys(const char *text) {
    int count = 0;
    while (*text && count < MAX_KEYS) {
        size_t length = strcspn(text, ",");
        size_t mki = strcspn(text, ":,");
        const char *hex = text;
        if (mki < length) {
            keys[count].mki_size = (unsigned) unhex(text, mki, mki_bytes[count], sizeof mki_bytes[count]);
            keys[count].mki_id = mki_bytes[count];
            hex = text + mki + 1;
        }
        unhex(hex, length - (size_t) (hex - text), key_bytes[count], sizeof key_bytes[count]);
        keys[count].key = key_bytes[count];
        key_list[count] = &keys[count];
        count++;
        text += length + (text[length] == ',');
    }
    return count;
}

static void set_suite(const char *suite, srtp_policy_t *policy) {
    if (!strcmp(suite, "AES_CM_128_HMAC_SHA1_80")) {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
    } else if (!strcmp(suite, "AES_CM_128_HMAC_SHA1_32")) {
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32(&policy->rtp);
        srtp_crypto_policy_set_aes_cm_128_hmac_sha1_80(&policy->rtcp);
    } else if (!strcmp(suite, "AES_256_CM_HMAC_SHA1_80")) {
        srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtp);
        srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtcp);
    } else if (!strcmp(suite, "AES_256_CM_HMAC_SHA1_32")) {
        srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32(&policy->rtp);
        srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80(&policy->rtcp);
    } else if (!strcmp(suite, "AEAD_AES_128_GCM")) {
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtp);
        srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy->rtcp);
    } else if (!strcmp(suite, "AEAD_AES_256_GCM")) {
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtp);
        srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy->rtcp);
    } else {
        fail("unknown suite", 0);
    }
}

static srtp_t session(const char *suite, int key_count, int outbound) {
    srtp_policy_t policy;
    memset(&policy, 0, sizeof policy);
    set_suite(suite, &policy);
    policy.ssrc.type = outbound ? ssrc_any_outbound : ssrc_any_inbound;
    policy.window_size = 1024;
    if (keys[0].mki_size) {
        policy.keys = key_list;
        policy.num_master_keys = (unsigned long) key_count;
    } else {
        policy.key = key_bytes[0];
    }
    srtp_t srtp;
    srtp_err_status_t status = srtp_create(&srtp, &policy);
    if (status) fail("srtp_create", status);
    return srtp;
}

/* The rollover counter of an SSRC's first packet is not in the packet; both sides must be told. */
static void begin_at(const char *suite, srtp_t srtp, int key_count, int outbound, const unsigned char *packet, long long index) {
    static unsigned seen[64];
    static int seen_count;
    unsigned ssrc = (unsigned) packet[8] << 24 | (unsigned) packet[9] << 16 | (unsigned) packet[10] << 8 | packet[11];
    for (int i = 0; i < seen_count; i++) {
        if (seen[i] == ssrc) return;
    }
    if (seen_count < 64) seen[seen_count++] = ssrc;
    unsigned roc = (unsigned) (index >> 16);
    if (roc == 0) return;
    srtp_policy_t policy;
    memset(&policy, 0, sizeof policy);
    set_suite(suite, &policy);
    policy.ssrc.type = ssrc_specific;
    policy.ssrc.value = ssrc;
    policy.window_size = 1024;
    if (keys[0].mki_size) {
        policy.keys = key_list;
        policy.num_master_keys = (unsigned long) key_count;
    } else {
        policy.key = key_bytes[0];
    }
    srtp_err_status_t status = srtp_add_stream(srtp, &policy);
    if (!status) status = srtp_set_stream_roc(srtp, ssrc, roc);
    if (status) fail("rollover counter", status);
    (void) outbound;
}

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static size_t aligned(int length) {
    return ((size_t) length + 15) & ~(size_t) 15;
}

static void convert(const char *suite, int key_count, int outbound) {
    static char line[4 * ROOM], hex[4 * ROOM];
    static unsigned char packet[ROOM];
    srtp_t srtp = session(suite, key_count, outbound);
    int use_mki = keys[0].mki_size > 0;
    while (fgets(line, sizeof line, stdin)) {
        char kind[8];
        long long index;
        unsigned key;
        if (sscanf(line, "%7s %lld %u %s", kind, &index, &key, hex) != 4) fail("bad line", 0);
        int length = unhex(hex, strlen(hex), packet, MAX_PACKET);
        srtp_err_status_t status;
        if (!strcmp(kind, "rtcp")) {
            status = outbound ? srtp_protect_rtcp_mki(srtp, packet, &length, (unsigned) use_mki, key)
                              : srtp_unprotect_rtcp_mki(srtp, packet, &length, (unsigned) use_mki);
        } else {
            begin_at(suite, srtp, key_count, outbound, packet, index);
            status = outbound ? srtp_protect_mki(srtp, packet, &length, (unsigned) use_mki, key)
                              : srtp_unprotect_mki(srtp, packet, &length, (unsigned) use_mki);
        }
        if (status) {
            printf("refused %d\n", status);
        } else {
            for (int i = 0; i < length; i++) printf("%02x", packet[i]);
            printf("\n");
        }
        fflush(stdout);
    }
    srtp_dealloc(srtp);
}

/* The packets lie one after another, as they do in memory that a receiver fills; each round opens a copy of its own, in place. */
static void measure(const char *suite, int key_count, int rounds) {
    static char line[4 * ROOM], hex[4 * ROOM];
    unsigned char *packets = NULL;
    int *lengths = NULL;
    size_t used = 0, room = 0;
    int count = 0, count_room = 0;
    while (fgets(line, sizeof line, stdin)) {
        char kind[8];
        long long index;
        unsigned key;
        if (sscanf(line, "%7s %lld %u %s", kind, &index, &key, hex) != 4) fail("bad line", 0);
        if (used + ROOM > room) packets = realloc(packets, room = 2 * room + ROOM);
        if (count == count_room) lengths = realloc(lengths, (size_t) (count_room = 2 * count_room + 64) * sizeof *lengths);
        if (!packets || !lengths) fail("no memory", count);
        lengths[count] = unhex(hex, strlen(hex), packets + used, MAX_PACKET);
        used += aligned(lengths[count]);
        count++;
    }
    unsigned char *copy = malloc(used);
    if (!count || !copy) fail("no packets", count);
    for (int round = 0; round < rounds; round++) {
        srtp_t srtp = session(suite, key_count, 0);
        memcpy(copy, packets, used);
        unsigned char *packet = copy;
        long long begun = now_ns();
        for (int i = 0; i < count; i++) {
            int length = lengths[i];
            srtp_err_status_t status = srtp_unprotect(srtp, packet, &length);
            if (status) fail("srtp_unprotect", status);
            packet += aligned(lengths[i]);
        }
        printf("%.1f\n", (double) (now_ns() - begun) / count);
        srtp_dealloc(srtp);
    }
}

int main(int argc, char **argv) {
    if (argc < 4) fail("usage: srtp-twin protect|open|time SUITE KEYS [ROUNDS]", argc);
    srtp_err_status_t status = srtp_init();
    if (status) fail("srtp_init", status);
    int key_count = read_keys(argv[3]);
    if (!strcmp(argv[1], "time")) {
        measure(argv[2], key_count, argc > 4 ? atoi(argv[4]) : 1);
    } else {
        convert(argv[2], key_count, !strcmp(argv[1], "protect"));
    }
    return 0;
}
