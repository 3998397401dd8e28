package dev.tokencache.file;

import java.util.List;
import java.util.Map;

/**
 * What one scan of a project found. Where something could not be looked at, it says what, so that all else is known for sure.
 *
 * @param snapshot its token files, or null when its directory has vanished
 * @param changes against the picture the scan was given
 * @param ignored entries that are no directory and are not served
 * @param errors how many names could not be looked at; the picture keeps what it knew of them
 * @param unseen these names, the first {@link #MAX_UNSEEN} of them
 * @param linked whether a name is a link: then other names in the directory matter too
 * @param temps temp files that were left alone
 */
record ProjectScan(
        ProjectSnapshot snapshot,
        SnapshotDiff changes,
        int ignored,
        int errors,
        List<String> unseen,
        boolean linked,
        Map<String, TempFiles.Seen> temps) {

    /** The most names that are kept because they could not be looked at. */
    static final int MAX_UNSEEN = 1_000;

    /** The scan of a project whose directory is not there. */
    static ProjectScan gone(ProjectSnapshot before) {
        ProjectSnapshot known = before == null ? ProjectSnapshot.EMPTY : before;
        return new ProjectScan(
                null, SnapshotDiff.between(known, ProjectSnapshot.EMPTY), 0, 0, List.of(), false, Map.of());
    }

    boolean isGone() {
        return snapshot == null;
    }

    /** Whether so much could not be looked at that nothing is said of the project. */
    boolean isBlind() {
        return errors > unseen.size();
    }

    /**
     * What a scan is asked for.
     *
     * @param project its name
     * @param before the picture at the last full scan, or null for the first look
     * @param later what was acknowledged since, null values for removed files
     * @param first how the files of a first look are reported
     * @param temps what the last scan left alone
     * @param time the clocks
     */
    record Request(
            String project,
            ProjectSnapshot before,
            Map<String, FileState> later,
            SnapshotDiff.Kind first,
            Map<String, TempFiles.Seen> temps,
            ScanTime time) {

        ProjectSnapshot picture() {
            return before == null ? null : before.with(later);
        }
    }
}
