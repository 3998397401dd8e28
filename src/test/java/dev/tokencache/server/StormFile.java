package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * What one writer knows of one token file: the version whose reply it has seen, and those it has asked for without seeing
 * a reply, any of which may be there after a crash. A version is its sequence number. Used by one thread at a time.
 */
final class StormFile {
    /** Stands for no file. */
    static final int ABSENT = 0;

    private final String project;
    private final String filename;
    private final String email;
    private int acknowledged;
    private final List<Integer> unsure = new ArrayList<>();

    /** A file that is absent; the e-mail is null for a session. */
    StormFile(String project, String filename, String email) {
        this.project = project;
        this.filename = filename;
        this.email = email;
    }

    /** The file of a password account, named as the server names it. */
    static StormFile account(String project, String email) {
        return new StormFile(project, email.replaceAll("[^A-Za-z0-9]", "_") + ".json", email);
    }

    String project() {
        return project;
    }

    String filename() {
        return filename;
    }

    String email() {
        return email;
    }

    boolean isSession() {
        return email == null;
    }

    boolean isPresent() {
        return acknowledged != ABSENT;
    }

    /** Whether every write of it was answered. */
    boolean isSure() {
        return unsure.isEmpty();
    }

    /** A write is sent. */
    void ask(int version) {
        unsure.add(version);
    }

    /** The write's reply has come: it succeeded. */
    void acknowledge(int version) {
        unsure.clear();
        acknowledged = version;
    }

    /** Holds what is there now against what may be, and takes it for the truth; returns whether an unanswered write shows. */
    boolean settle(int found) {
        boolean shows = found != acknowledged;
        if (shows) {
            assertThat(unsure)
                    .as(
                            "%s/%s is version %d; acknowledged was %d, unanswered are",
                            project, filename, found, acknowledged)
                    .contains(found);
        }
        unsure.clear();
        acknowledged = found;
        return shows;
    }
}
