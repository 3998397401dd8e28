package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RememberedRegistrationsTest {
    private static final RegistrationInfo ONE = new RegistrationInfo("one", 1, false);
    private static final RegistrationInfo TWO = new RegistrationInfo("two", 1, false);

    private final Map<String, List<RegistrationInfo>> held = new HashMap<>();
    private final List<Runnable> unanswered = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final Vertx vertx = new Vertx();
    private int asked;
    private boolean answers = true;

    private final RememberedRegistrations remembered = new RememberedRegistrations(cluster(), failures::add);

    RememberedRegistrationsTest() {
        remembered.listener(vertx);
    }

    @SuppressWarnings("unchecked")
    private ClusterManager cluster() {
        return (ClusterManager) Proxy.newProxyInstance(
                RememberedRegistrationsTest.class.getClassLoader(),
                new Class<?>[] {ClusterManager.class},
                (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("getRegistrations");
                    List<RegistrationInfo> found = held.get((String) arguments[0]);
                    Completable<List<RegistrationInfo>> asker = (Completable<List<RegistrationInfo>>) arguments[1];
                    asked++;
                    if (answers) {
                        asker.complete(found, found == null ? new IllegalStateException("made up") : null);
                    } else {
                        unanswered.add(() -> asker.succeed(found));
                    }
                    return null;
                });
    }

    private void look() {
        remembered.look(Runnable::run);
    }

    /** Vert.x has asked for an address, and two looks have seen what it was answered. */
    private void askAndLook(String address) {
        vertx.ask(address);
        look();
        look();
    }

    /** Remembers as Vert.x does: who listens at addresses that were asked for, and nothing where nobody does. */
    private final class Vertx implements RegistrationListener {
        final Map<String, List<RegistrationInfo>> remembers = new HashMap<>();
        Runnable meanwhile = () -> {};

        void ask(String address) {
            remembers.put(address, List.of());
            remembered.asked(address);
            remembers.put(address, held.get(address));
        }

        @Override
        public boolean wantsUpdatesFor(String address) {
            return remembers.containsKey(address);
        }

        @Override
        public void registrationsUpdated(RegistrationUpdateEvent event) {
            Runnable first = meanwhile;
            meanwhile = () -> {};
            first.run();
            told.add(event.address());
            if (event.registrations().isEmpty()) {
                remembers.remove(event.address());
            } else {
                remembers.put(event.address(), event.registrations());
            }
        }
    }

    @Test
    void changeNobodyTold_isToldAtTheNextLook() {
        held.put("a", List.of(ONE));
        askAndLook("a");
        held.put("a", List.of(ONE, TWO));

        look();

        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(ONE, TWO)));
    }

    @Test
    void nothingChanged_isNotToldAgainAndAgain() {
        held.put("a", List.of(ONE, TWO));
        askAndLook("a");
        for (int look = 0; look < 5; look++) {
            held.put("a", List.of(TWO, ONE)); // no order is promised
            look();
        }

        assertThat(told).containsExactly("a"); // the first time it isn't known what it was told
    }

    @Test
    void notYetAnswered_isNotToldBefore() {
        held.put("a", List.of());
        vertx.ask("a");
        look();

        assertThat(told).isEmpty();
    }

    @Test
    void nobodyListensAnyMore_isToldOnce_andForgotten() {
        held.put("a", List.of(ONE));
        askAndLook("a");
        held.put("a", List.of());
        look();
        assertThat(vertx.remembers).isEmpty();
        held.put("a", List.of(TWO));
        look();
        look();
        assertThat(told).containsExactly("a", "a");
        assertThat(asked).isEqualTo(2);

        askAndLook("a");
        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(TWO)));
    }

    @Test
    void cannotBeFound_changesNothing() {
        held.put("a", List.of(ONE));
        vertx.ask("a");
        held.put("a", null);
        look();
        look();
        assertThat(told).isEmpty();
        assertThat(failures).hasSize(1);
        held.put("a", List.of(TWO));
        look();

        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(TWO)));
    }

    @Test
    void slowAnswer_isTakenWhenItComes_andAskedForOnce() {
        held.put("a", List.of(ONE));
        askAndLook("a");
        held.put("a", List.of(TWO));
        answers = false;
        for (int look = 0; look < 10; look++) {
            look();
        }
        assertThat(unanswered).hasSize(1);
        unanswered.forEach(Runnable::run);

        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(TWO)));
    }

    @Test
    void answerThatNeverComes_isAskedForAgain() {
        held.put("a", List.of(ONE));
        askAndLook("a");
        answers = false;
        look();
        answers = true;
        held.put("a", List.of(TWO));
        for (int look = 0; look < UnderWay.LOST_LOOKS; look++) {
            assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(ONE)));
            look();
        }

        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(TWO)));
    }

    @Test
    void newsWhileALookWaitsForItsAnswer_isNotUndone() {
        held.put("a", List.of(ONE));
        askAndLook("a");
        held.put("a", List.of(TWO));
        answers = false;
        look();
        answers = true;
        held.put("a", List.of(ONE, TWO));
        remembered.registrationsUpdated(new RegistrationUpdateEvent("a", List.of(ONE, TWO)));
        unanswered.forEach(Runnable::run);

        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(ONE, TWO)));
    }

    @Test
    void olderNewsAfterALook_isCorrectedByTheNext() {
        held.put("a", List.of(ONE));
        askAndLook("a");
        held.put("a", List.of(TWO));
        vertx.meanwhile = this::look; // tells the newer; then the older news arrives
        remembered.registrationsUpdated(new RegistrationUpdateEvent("a", List.of(ONE)));
        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(ONE)));

        look();

        assertThat(vertx.remembers).containsExactly(Map.entry("a", List.of(TWO)));
    }

    @Test
    void manyAddresses_areLookedAtInTurns() {
        int addresses = 1_000;
        for (int i = 0; i < addresses; i++) {
            held.put("a" + i, List.of(ONE));
            vertx.ask("a" + i);
        }
        look();
        assertThat(asked).isZero();
        look();
        assertThat(asked).isBetween(1, 150);
        for (int look = 0; look < 20; look++) {
            look();
        }
        asked = 0;
        told.clear();
        for (int i = 0; i < addresses; i++) {
            held.put("a" + i, List.of(TWO));
        }
        for (int look = 0; look < 1 + addresses / 64; look++) {
            look();
        }

        assertThat(asked).isEqualTo(addresses);
        assertThat(told).doesNotHaveDuplicates().hasSize(addresses);
        assertThat(vertx.remembers.values()).allMatch(List.of(TWO)::equals);
    }
}
