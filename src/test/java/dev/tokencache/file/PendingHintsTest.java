package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What waits stays bounded, and nothing that fits is forgotten. */
class PendingHintsTest {
    private final ProjectWatches watches = new ProjectWatches((project, names) -> {});
    private final PendingHints pending = new PendingHints(watches);

    private void hint(String project, int number) {
        pending.add(new NativeHints.Hint(project, "f" + number + ".json"));
    }

    @Test
    void add_tooManyNamesOfOneProject_becomesAllOfIt() {
        for (int i = 0; i <= PendingHints.MAX_NAMES; i++) {
            hint("p", i);
            hint("p", 0);
        }

        assertThat(pending.size()).as("the last one came again").isEqualTo(1);
        assertThat(pending.takeProject(any -> true)).isEqualTo("p");
        assertThat(pending.takeProject(any -> true)).isNull();
    }

    @Test
    void add_namesOfManyProjects_areBoundedTogether() {
        for (int project = 0; project < 40; project++) {
            for (int i = 0; i < PendingHints.MAX_NAMES; i++) {
                hint("p" + project, i);
            }
        }

        assertThat(pending.size()).isPositive().isLessThanOrEqualTo(PendingHints.MAX_PENDING);
        assertThat(pending.takeProject(any -> true)).as("the rest is scanned").isNotNull();
    }

    @Test
    void add_moreProjectsThanMayWait_leavesTheRestToTheNextRound() {
        for (int i = 0; i < PendingHints.MAX_PENDING + 10; i++) {
            pending.add(new NativeHints.Hint(null, "p" + i));
        }

        int taken = 0;
        while (pending.takeProject(any -> true) != null) {
            taken++;
        }
        assertThat(taken).isEqualTo(PendingHints.MAX_PENDING);
    }

    @Test
    void takeNames_projectsStuckUnknownOrWithoutPicture_areNotLookedAt() {
        for (String project : new String[] {"p", "new", "stuck"}) {
            if (!project.equals("new")) {
                ProjectScan scan = new ProjectScan(
                        ProjectSnapshot.EMPTY,
                        SnapshotDiff.first(ProjectSnapshot.EMPTY, SnapshotDiff.Kind.PRESENT),
                        0,
                        0,
                        List.of(),
                        false,
                        Map.of());
                watches.obtain(project).accept(scan, 0);
            }
            hint(project, 1);
        }
        hint("bare", 1);
        watches.obtain("bare");

        assertThat(pending.takeNames(Set.of("stuck")))
                .extracting(look -> look.watch().name())
                .containsExactly("p");
        assertThat(pending.takeProject(any -> true)).isEqualTo("new");
        assertThat(pending.takeNames(Set.of()))
                .extracting(look -> look.watch().name())
                .containsExactly("stuck");
        assertThat(pending.size()).as("it waits for its picture").isEqualTo(1);
    }
}
