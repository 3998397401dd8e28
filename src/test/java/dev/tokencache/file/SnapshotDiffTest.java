package dev.tokencache.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Fingerprint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SnapshotDiffTest {
    private static ProjectSnapshot snapshot(Map<String, Integer> files) {
        ProjectSnapshot.Builder builder = new ProjectSnapshot.Builder(0);
        new TreeMap<>(files).forEach((name, version) -> builder.add(name, state(version)));
        return builder.build();
    }

    /** Versions 10 and above are racy: same fingerprint for each ten, other content. */
    private static FileState state(int version) {
        if (version < 10) {
            return new FileState(new Fingerprint(version, 1, 1, 1), null);
        }
        return new FileState(new Fingerprint(version / 10, 1, 1, 1), new FileState.Racy("tag" + version, 0));
    }

    @Test
    void between_addedChangedRemovedKept_inOrderOfNames() {
        ProjectSnapshot before = snapshot(Map.of("a", 1, "b", 1, "c", 1, "e", 10));
        ProjectSnapshot after = snapshot(Map.of("b", 2, "c", 1, "d", 3, "e", 11));

        assertThat(SnapshotDiff.between(before, after))
                .containsExactly(
                        new SnapshotDiff.Change("a", SnapshotDiff.Kind.REMOVED, null, null),
                        new SnapshotDiff.Change("b", SnapshotDiff.Kind.CHANGED, new Fingerprint(2, 1, 1, 1), null),
                        new SnapshotDiff.Change("d", SnapshotDiff.Kind.ADDED, new Fingerprint(3, 1, 1, 1), null),
                        new SnapshotDiff.Change("e", SnapshotDiff.Kind.CHANGED, new Fingerprint(1, 1, 1, 1), "tag11"));
    }

    @Test
    void listed_exactlyTheNames_isTheirOrderAndAnythingElseNone() {
        ProjectSnapshot snapshot = snapshot(Map.of("a", 1, "b", 1, "c", 1));

        ProjectSnapshot listed = snapshot.listed(List.of("c", "a", "b"));
        assertThat(List.of(listed.listedAt(0), listed.listedAt(1), listed.listedAt(2)))
                .containsExactly(2, 0, 1);
        assertThat(snapshot.listed(List.of("a", "a", "b")).isListed()).isFalse();
        assertThat(snapshot.listed(List.of("a", "b", "d")).isListed()).isFalse();
        assertThat(snapshot.listed(List.of("a", "b")).isListed()).isFalse();
    }

    @Test
    void with_sameNames_keepsTheOrderAndWithOthersNone() {
        ProjectSnapshot listed = snapshot(Map.of("a", 1, "b", 1)).listed(List.of("b", "a"));

        ProjectSnapshot changed = listed.with(Map.of("a", state(2)));
        assertThat(List.of(changed.listedAt(0), changed.listedAt(1))).containsExactly(1, 0);
        assertThat(changed.state("a")).isEqualTo(state(2));
        assertThat(listed.with(Map.of("c", state(1))).isListed()).isFalse();
        assertThat(listed.with(Collections.singletonMap("a", null)).isListed()).isFalse();
        Map<String, FileState> exchanged = new TreeMap<>(Map.of("c", state(1)));
        exchanged.put("a", null);
        assertThat(listed.with(exchanged).isListed()).isFalse();
    }

    @Test
    void first_anyKind_reportsAllAsThatKind() {
        assertThat(SnapshotDiff.first(snapshot(Map.of("a", 1, "b", 1)), SnapshotDiff.Kind.ADDED))
                .extracting(SnapshotDiff.Change::kind)
                .containsExactly(SnapshotDiff.Kind.ADDED, SnapshotDiff.Kind.ADDED);
    }

    @Test
    void between_racySettled_isNoChange() {
        assertThat(SnapshotDiff.between(snapshot(Map.of("a", 10)), snapshot(Map.of("a", 1))))
                .isEmpty();
    }

    @Test
    void builder_namesOutOfOrder_refuses() {
        ProjectSnapshot.Builder builder = new ProjectSnapshot.Builder(2);
        builder.add("b", state(1));

        assertThatThrownBy(() -> builder.add("a", state(1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.add("b", state(1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void between_anyTwoPictures_leadsFromOneToTheOther(
            @ForAll @Size(max = 30)
                    Map<
                                    @StringLength(min = 1, max = 2) @CharRange(from = 'a', to = 'e') String,
                                    @IntRange(min = 1, max = 29) Integer>
                            before,
            @ForAll @Size(max = 30)
                    Map<
                                    @StringLength(min = 1, max = 2) @CharRange(from = 'a', to = 'e') String,
                                    @IntRange(min = 1, max = 29) Integer>
                            after) {
        SnapshotDiff diff = SnapshotDiff.between(snapshot(before), snapshot(after));

        List<String> expected = new ArrayList<>();
        Map<String, Integer> all = new TreeMap<>(before);
        all.putAll(after);
        for (String name : all.keySet()) {
            FileState old = before.containsKey(name) ? state(before.get(name)) : null;
            FileState now = after.containsKey(name) ? state(after.get(name)) : null;
            if (old == null || now == null || now.differsFrom(old)) {
                expected.add(SnapshotDiff.Change.of(name, old, now).toString());
            }
        }
        assertThat(diff).extracting(SnapshotDiff.Change::toString).containsExactlyElementsOf(expected);
    }

    @Property
    void with_anyLaterFiles_isTheirUnion(
            @ForAll @Size(max = 30)
                    Map<
                                    @StringLength(min = 1, max = 2) @CharRange(from = 'a', to = 'e') String,
                                    @IntRange(min = 1, max = 29) Integer>
                            before,
            @ForAll @Size(max = 30)
                    Map<
                                    @StringLength(min = 1, max = 2) @CharRange(from = 'a', to = 'e') String,
                                    @IntRange(min = 0, max = 29) Integer>
                            later) {
        Map<String, Integer> expected = new TreeMap<>(before);
        Map<String, FileState> pieces = new TreeMap<>();
        later.forEach((name, version) -> {
            pieces.put(name, version == 0 ? null : state(version));
            if (version == 0) {
                expected.remove(name);
            } else {
                expected.put(name, version);
            }
        });

        ProjectSnapshot merged = snapshot(before).with(pieces);

        Map<String, FileState> found = new TreeMap<>();
        for (int i = 0; i < merged.size(); i++) {
            found.put(merged.name(i), merged.state(i));
        }
        Map<String, FileState> states = new TreeMap<>();
        expected.forEach((name, version) -> states.put(name, state(version)));
        assertThat(found).isEqualTo(states);
    }
}
