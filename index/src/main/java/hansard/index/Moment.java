package hansard.index;

/** What a call passes on its way from the first word to the erased record. */
enum Moment {
    CLOSED,
    TRACKS_STORED,
    MIX_STORED,
    TRANSCRIPTS_STORED,
    SEALED,
    /** First media of any track: zero of the call's clock. */
    FIRST_MEDIA,
    LAST_MEDIA,
    /** Every utterance can be found in this replica. */
    INDEXED,
    PURGED
}
