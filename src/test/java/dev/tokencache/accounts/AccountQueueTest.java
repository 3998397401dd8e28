package dev.tokencache.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AccountQueueTest {
    private final AccountQueue queue = new AccountQueue();

    @Test
    void choose_eachReleased_takesTurns() {
        addAll("a", "b", "c");

        List<String> turns = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            String account = queue.choose(Set.of()).orElseThrow();
            turns.add(account);
            queue.release(account);
        }

        assertThat(turns).containsExactly("a", "b", "c", "a", "b", "c", "a");
    }

    @Test
    void choose_noneReleased_givesEachOnceThenNone() {
        addAll("a", "b");

        assertThat(drain()).containsExactly("a", "b");
        assertThat(queue.choose(Set.of())).isEmpty();
    }

    @Test
    void choose_excluded_keepsItsPlace() {
        addAll("a", "b", "c");

        assertThat(queue.choose(Set.of("a", "x"))).contains("b");
        assertThat(queue.choose(Set.of("a", "b", "c"))).isEmpty();
        assertThat(drain()).containsExactly("a", "c");
    }

    @Test
    void release_unknownFreeOrTwice_doesNothing() {
        addAll("a", "b");
        queue.choose(Set.of());

        queue.release("x");
        queue.release("b");
        queue.release("a");
        queue.release("a");

        assertThat(drain()).containsExactly("b", "a");
    }

    @Test
    void release_removedMeanwhile_forgetsIt() {
        addAll("a", "b");
        queue.choose(Set.of());
        queue.remove("a");
        queue.release("a");

        assertThat(drain()).containsExactly("b");
        assertThat(queue.used()).isEqualTo(1);
    }

    @Test
    void choose_replacedWhileInUse_waitsForItsRelease() {
        addAll("a");
        queue.choose(Set.of());
        queue.remove("a");
        queue.add("a");

        assertThat(queue.choose(Set.of())).isEmpty();

        queue.release("a");
        assertThat(drain()).containsExactly("a");
    }

    @Test
    void relist_keepsPlacesDropsTheGoneAndAppendsTheNew() {
        addAll("a", "b", "c", "d");
        queue.choose(Set.of());
        queue.choose(Set.of());

        queue.relist(List.of("e", "c", "b", "f"), Set.of());
        queue.release("b");
        queue.release("a");

        assertThat(drain()).containsExactly("c", "e", "f", "b");
    }

    @Test
    void relist_olderThanWhatWasHeard_leavesThat() {
        addAll("a", "b");
        queue.remove("a");

        queue.relist(List.of("a", "c"), Set.of("a", "b"));

        assertThat(drain()).containsExactly("b", "c");
    }

    @Property(tries = 2_000)
    void anySequence_agreesWithTheModel(@ForAll("sequences") List<Step> sequence) {
        AccountQueue subject = new AccountQueue();
        AccountModel model = new AccountModel();
        for (Step step : sequence) {
            switch (step.what()) {
                case ADD -> {
                    subject.add(step.name());
                    model.add(step.name());
                }
                case REMOVE -> {
                    subject.remove(step.name());
                    model.remove(step.name());
                }
                case RELEASE -> {
                    subject.release(step.name());
                    model.release(step.name());
                }
                case CHOOSE -> {
                    Set<String> before = Set.copyOf(model.used);
                    Optional<String> chosen = subject.choose(step.names());
                    assertThat(chosen).isEqualTo(model.choose(step.names()));
                    chosen.ifPresent(account -> assertThat(before).doesNotContain(account));
                }
                case RELIST -> {
                    List<String> list = step.names().stream().sorted().toList();
                    subject.relist(list, Set.of(step.name()));
                    model.relist(list, Set.of(step.name()));
                }
            }
            assertThat(subject.free()).isEqualTo(model.free.size());
            assertThat(subject.used()).isEqualTo(model.used.size());
        }
        for (String account : List.copyOf(model.free)) {
            assertThat(subject.choose(Set.of())).contains(account);
        }
        assertThat(subject.choose(Set.of())).isEmpty();
    }

    enum What {
        ADD,
        REMOVE,
        RELEASE,
        CHOOSE,
        RELIST
    }

    record Step(What what, String name, Set<String> names) {}

    @Provide
    Arbitrary<List<Step>> sequences() {
        Arbitrary<String> names = Arbitraries.of("a", "b", "c", "d", "e");
        return Combinators.combine(
                        Arbitraries.of(What.class), names, names.set().ofMaxSize(3))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    private void addAll(String... accounts) {
        List.of(accounts).forEach(queue::add);
    }

    private List<String> drain() {
        List<String> all = new ArrayList<>();
        for (Optional<String> next = queue.choose(Set.of()); next.isPresent(); next = queue.choose(Set.of())) {
            all.add(next.get());
        }
        return all;
    }
}
