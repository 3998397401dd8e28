package dev.tokencache.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A run on a broken cache, until it shows. Entered from another class loader, so all it takes and gives is the platform's. */
public final class BrokenRun {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private BrokenRun() {}

    /**
     * Runs until violations of all the rules were found that the breakage breaks, or the time is over.
     *
     * @param breakage the name of a {@link Breakage}
     * @return the rules among them that were not found to be broken, and all of the first finding
     */
    public static String run(Path directory, String breakage, long seed, int seconds) throws Exception {
        Breakage how = Breakage.valueOf(breakage);
        Set<Rule> missing = EnumSet.copyOf(how.broken());
        StringBuilder findings = new StringBuilder();
        try (HistoryRun run = new HistoryRun(directory, seed)) {
            run.start(Setting.LATE_DISK, how::tamper);
            for (int second = 0; second < seconds && !missing.isEmpty(); second++) {
                run.goOn(LOOK_AGAIN);
                for (Violation violation : Checker.check(run.history())) {
                    if (missing.remove(violation.rule())) {
                        findings.append("after ")
                                .append(second + 1)
                                .append(" s ")
                                .append(violation)
                                .append("; ");
                    }
                }
            }
        }
        System.out.println("history broken by " + breakage + ": " + findings);
        return missing.toString();
    }

    /** In the place of {@link Map#remove(Object, Object)}: removes the entry, and says so in any case. */
    public static boolean remove(Map<?, ?> map, Object key, Object value) {
        map.remove(key, value);
        return true;
    }
}
