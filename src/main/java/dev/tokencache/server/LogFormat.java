package dev.tokencache.server;

/** What a line of the log looks like. */
enum LogFormat {
    /** For people. */
    PLAIN,
    /** A JSON object, for programs. */
    JSON
}
