package dev.tokencache.audit;

import java.nio.file.Path;

/** What is logged, and where. */
public final class AuditOptions {
    /** A file grows to 64 MiB before it is set aside. */
    public static final long DEFAULT_MAX_BYTES = 64L << 20;

    public static final int DEFAULT_OLD_FILES = 8;

    private final Path file;
    private Reads reads = Reads.SUMMARY;
    private boolean required;
    private long maxBytes = DEFAULT_MAX_BYTES;
    private int oldFiles = DEFAULT_OLD_FILES;

    /** Which reads of values are logged. */
    public enum Reads {
        /** Each one. */
        ALL,
        /** One line for each subject, file and minute, with a count. */
        SUMMARY,
        /** None. */
        NONE
    }

    /** @param file where to write; its directory exists */
    public AuditOptions(Path file) {
        this.file = file;
    }

    /** A copy that shares nothing with the original. */
    public AuditOptions(AuditOptions other) {
        file = other.file;
        reads = other.reads;
        required = other.required;
        maxBytes = other.maxBytes;
        oldFiles = other.oldFiles;
    }

    public Path getFile() {
        return file;
    }

    public Reads getReads() {
        return reads;
    }

    public AuditOptions setReads(Reads reads) {
        this.reads = reads;
        return this;
    }

    public boolean isRequired() {
        return required;
    }

    /** Whether what can't be logged is refused. */
    public AuditOptions setRequired(boolean required) {
        this.required = required;
        return this;
    }

    public long getMaxBytes() {
        return maxBytes;
    }

    /** How far the file grows before it is set aside, in bytes. */
    public AuditOptions setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
        return this;
    }

    public int getOldFiles() {
        return oldFiles;
    }

    /** How many files that were set aside are kept. */
    public AuditOptions setOldFiles(int oldFiles) {
        this.oldFiles = oldFiles;
        return this;
    }
}
