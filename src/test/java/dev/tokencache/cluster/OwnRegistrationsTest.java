package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRegistrationsTest {
    private static final RegistrationInfo INFO = new RegistrationInfo("node", 1, false);
    private static final RegistrationInfo LOCAL = new RegistrationInfo("node", 2, true);

    /** Those of the only address. */
    private final List<RegistrationInfo> held = new ArrayList<>();

    private final List<String> commands = new ArrayList<>();
    private final List<Runnable> unanswered = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private Throwable failure;
    private boolean answers = true;

    private final OwnRegistrations own = new OwnRegistrations(cluster(), failures::add);

    @SuppressWarnings("unchecked")
    private ClusterManager cluster() {
        return (ClusterManager) Proxy.newProxyInstance(
                OwnRegistrationsTest.class.getClassLoader(),
                new Class<?>[] {ClusterManager.class},
                (proxy, method, arguments) -> {
                    commands.add(method.getName());
                    if (method.getName().equals("getRegistrations")) {
                        List<RegistrationInfo> found = List.copyOf(held);
                        answer((Completable<List<RegistrationInfo>>) arguments[1], found);
                        return null;
                    }
                    if (failure == null && method.getName().equals("addRegistration")) {
                        held.add((RegistrationInfo) arguments[1]);
                    } else if (failure == null) {
                        held.remove(arguments[1]);
                    }
                    answer((Completable<Void>) arguments[2], null);
                    return null;
                });
    }

    private <T> void answer(Completable<T> asker, T answer) {
        Throwable failing = failure;
        Runnable completes = () -> asker.complete(failing == null ? answer : null, failing);
        if (answers) {
            completes.run();
        } else {
            unanswered.add(completes);
        }
    }

    private void answerAll() {
        List<Runnable> all = List.copyOf(unanswered);
        unanswered.clear();
        all.forEach(Runnable::run);
    }

    /** Registered, and seen by a look. */
    private void register() {
        own.add("a", INFO, (done, failed) -> {});
        own.look();
        commands.clear();
    }

    @Test
    void forgotten_isSaidAgain() {
        register();
        held.clear();
        own.look();

        assertThat(held).containsExactly(INFO);
        assertThat(own.healed()).isOne();
        assertThat(own.healed()).isZero();
        commands.clear();
        own.look();
        assertThat(commands).containsExactly("getRegistrations");
    }

    @Test
    void localOnly_isNoMatterOfTheCluster() {
        own.add("a", LOCAL, (done, failed) -> {});
        commands.clear();
        own.look();
        own.look();

        assertThat(commands).isEmpty();
    }

    @Test
    void unanswered_isNotSaidOnceMore_untilItIsTakenForLost() {
        register();
        held.clear();
        failure = new IllegalStateException("made up");
        own.look();
        assertThat(failures).hasSize(1); // not to be told is not to be forgotten
        failure = null;
        answers = false;
        own.look(); // asks who is registered
        own.look();
        answerAll(); // nobody: it is said again, and that is not answered
        for (int look = 0; look < 10; look++) {
            own.look();
            answerAll(List.of("getRegistrations"));
        }
        assertThat(commands).filteredOn("addRegistration"::equals).hasSize(1);
        held.clear();
        for (int look = 0; look < UnderWay.LOST_LOOKS; look++) {
            own.look();
            answerAll(List.of("getRegistrations"));
        }

        assertThat(commands).filteredOn("addRegistration"::equals).hasSize(2);
    }

    /** Answers what was asked last, if that was one of these. */
    private void answerAll(List<String> kinds) {
        if (!unanswered.isEmpty() && kinds.contains(commands.get(commands.size() - 1))) {
            unanswered.remove(unanswered.size() - 1).run();
        }
    }

    @Test
    void removedWhileALookWaits_isNotSaidAgain() {
        register();
        answers = false;
        held.clear();
        own.look();
        answers = true;
        own.remove("a", INFO, (done, failed) -> {});
        commands.clear();
        answerAll();

        assertThat(commands).isEmpty();
    }

    @Test
    void removedWhileItIsSaidAgain_isRemovedAfterwards() {
        register();
        held.clear();
        answers = false;
        own.look();
        answerAll(); // nobody is registered: said again, which waits
        answers = true;
        own.remove("a", INFO, (done, failed) -> {});
        held.add(INFO);
        answerAll();

        assertThat(held).isEmpty();
    }

    @Test
    void removalThatFails_isRepeated() {
        register();
        List<Throwable> told = new ArrayList<>();
        failure = new IllegalStateException("made up");
        own.remove("a", INFO, (done, failed) -> told.add(failed));
        assertThat(told).containsExactly(failure);
        own.look();
        assertThat(held).containsExactly(INFO);
        failure = null;
        own.look();
        assertThat(held).isEmpty();
        commands.clear();
        own.look();

        assertThat(commands).isEmpty();
    }

    @Test
    void afterLeaving_nothingIsSaid() {
        register();
        held.clear();
        own.leave();
        commands.clear();
        own.look();

        assertThat(commands).isEmpty();
    }
}
