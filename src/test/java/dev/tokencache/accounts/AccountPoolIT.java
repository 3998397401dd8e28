package dev.tokencache.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Failure;
import dev.tokencache.Poll;
import dev.tokencache.TokenChange;
import dev.tokencache.TokenFile;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AccountPoolIT extends AccountPoolBase {
    @Test
    void init_project_listsPreloadsAndShuffles() {
        disk("a.json", "b.json", "c.json", "d.json", "e.json");
        List<String> expected = new ArrayList<>(List.of("a.json", "b.json", "c.json", "d.json", "e.json"));
        Collections.shuffle(expected, new Random(7));

        AccountPool pool = pool();

        assertThat(expected).isNotEqualTo(expected.stream().sorted().toList());
        assertThat(drain(pool)).isEqualTo(expected);
        assertThat(on(fakeLoop, () -> fake.preloads)).isEqualTo(1);
    }

    @Test
    void init_absentProject_isEmptyAndFollowed() {
        AccountPool pool = pool();
        assertThat(drain(pool)).isEmpty();

        disk("a.json");

        assertThat(drain(pool)).containsExactly("a.json");
    }

    @Test
    void init_listFails_fails() {
        run(fakeLoop, () -> fake.listFailure = Failure.STORAGE_UNREADABLE);

        assertThatThrownBy(this::pool).satisfies(e -> assertThat(Failure.of(e)).isEqualTo(Failure.STORAGE_UNREADABLE));
    }

    @Test
    void init_preloadFails_succeeds() {
        disk("a.json");
        run(fakeLoop, () -> fake.preloadFailure = Failure.OVERLOADED);

        assertThat(drain(pool())).containsExactly("a.json");
    }

    @Test
    void init_offAnEventLoopOrBadProject_fails() {
        Future<AccountPool> here = AccountPool.init(cache, FakeCache.PROJECT);
        assertThat(here.cause()).isInstanceOf(IllegalStateException.class);

        assertThatThrownBy(() -> await(loop, () -> AccountPool.init(cache, "../x")))
                .satisfies(e -> assertThat(Failure.of(e)).isEqualTo(Failure.INVALID_NAME));
    }

    @Test
    void init_changeWhileListing_isNotOverwrittenByTheOlderList() {
        disk("a.json", "b.json");
        run(fakeLoop, () -> fake.holdingLists = true);
        Future<AccountPool> starting = on(loop, this::init);
        barrier();
        run(fakeLoop, () -> {
            fake.remove("a.json");
            fake.add("c.json");
        });
        barrier();
        run(fakeLoop, () -> fake.heldLists.forEach(Runnable::run));

        assertThat(drain(done(starting))).containsExactlyInAnyOrder("b.json", "c.json");
    }

    @Test
    void choose_released_goesToTheEnd() {
        disk("a.json", "b.json");
        AccountPool pool = pool();
        String first = choose(pool).orElseThrow();
        String second = choose(pool).orElseThrow();
        assertThat(choose(pool)).isEmpty();
        assertThat(on(loop, pool::used)).isEqualTo(2);

        run(loop, () -> pool.release(second));
        run(loop, () -> pool.release(first));
        run(loop, () -> pool.release(first));

        assertThat(drain(pool)).containsExactly(second, first);
    }

    @Test
    void follow_otherProject_isNotMeant() {
        AccountPool pool = pool();
        run(fakeLoop, () -> fake.publish(new TokenChange("other", "x.json", TokenChange.Kind.ADDED, null)));
        barrier();

        assertThat(drain(pool)).isEmpty();
    }

    @Test
    void follow_changedFileThatWasUnknown_addsIt() {
        AccountPool pool = pool();
        run(fakeLoop, () -> fake.silent = true);
        disk("a.json");
        run(fakeLoop, () -> fake.silent = false);
        disk("a.json");

        assertThat(drain(pool)).containsExactly("a.json");
    }

    @Test
    void refresh_lostMessages_healsBoth() {
        disk("a.json", "b.json");
        AccountPool pool = pool();
        loseMessages();

        await(loop, pool::refresh);

        assertThat(drain(pool)).containsExactly("b.json", "c.json");
    }

    @Test
    void refresh_sameListAfterOneThatWasOverruled_isAppliedAllTheSame() {
        disk("a.json");
        AccountPool pool = pool();
        run(fakeLoop, () -> fake.holdingLists = true);
        Future<Void> first = on(loop, pool::refresh);
        barrier();
        disk("b.json");
        run(fakeLoop, () -> {
            fake.holdingLists = false;
            fake.heldLists.forEach(Runnable::run);
            fake.silent = true;
            fake.remove("b.json");
        });
        done(first);
        assertThat(on(loop, pool::free)).isEqualTo(2);

        await(loop, pool::refresh);

        assertThat(drain(pool)).containsExactly("a.json");
    }

    @Test
    void follow_anotherCacheTookOver_listsAnew() {
        disk("a.json", "b.json");
        AccountPool pool = pool();
        Set<String> known = Set.of("a.json", "b.json");
        on(loop, () -> pool.choose(known)); // lists anew now, and not again
        barrier();
        loseMessages();
        assertThat(on(loop, () -> pool.choose(known))).isEmpty();

        run(fakeLoop, () -> fake.origin = "second");
        disk("b.json");

        while (on(loop, () -> pool.choose(known)).isEmpty()) { // the class's time-out ends it
            barrier();
        }
    }

    @Test
    void refresh_byTimer_heals() {
        disk("a.json", "b.json");
        AccountPool pool = await(loop, () -> AccountPool.init(cache, FakeCache.PROJECT, new Random(7), nanos::get, 5));
        loseMessages();
        int before = on(fakeLoop, () -> fake.lists);

        Poll.until(() -> on(fakeLoop, () -> fake.lists) >= before + 2);
        barrier();

        assertThat(drain(pool)).containsExactly("b.json", "c.json");
    }

    @Test
    void choose_findsNothing_listsAnewAtMostOnceASecond() {
        AccountPool pool = pool();
        run(fakeLoop, () -> fake.silent = true);
        disk("a.json");
        int before = on(fakeLoop, () -> fake.lists);

        assertThat(choose(pool)).isEmpty();
        barrier();
        assertThat(choose(pool)).contains("a.json");
        for (int i = 0; i < 10; i++) {
            assertThat(choose(pool)).isEmpty();
            barrier();
        }
        assertThat(on(fakeLoop, () -> fake.lists)).isEqualTo(before + 1);

        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(AccountPool.MIN_REFRESH_MILLIS));
        assertThat(choose(pool)).isEmpty();
        barrier();
        assertThat(on(fakeLoop, () -> fake.lists)).isEqualTo(before + 2);
    }

    @Test
    void refresh_twiceAtOnce_isOneListing() {
        AccountPool pool = pool();
        int before = on(fakeLoop, () -> fake.lists);

        await(loop, () -> Future.all(pool.refresh(), pool.refresh()));

        assertThat(on(fakeLoop, () -> fake.lists)).isEqualTo(before + 1);
    }

    @Test
    void refresh_fails_keepsTheAccounts() {
        disk("a.json");
        AccountPool pool = pool();
        run(fakeLoop, () -> fake.listFailure = Failure.STORAGE_UNREADABLE);

        assertThatThrownBy(() -> await(loop, pool::refresh))
                .satisfies(e -> assertThat(Failure.of(e)).isEqualTo(Failure.STORAGE_UNREADABLE));
        assertThat(drain(pool)).containsExactly("a.json");
    }

    @Test
    void save_thenGet_readsTheWrite() {
        disk("a.json");
        AccountPool pool = pool();

        await(loop, () -> pool.save("a.json", "{\"token\":\"fake-new\"}"));
        TokenFile file = await(loop, () -> pool.get("a.json"));

        assertThat(file.json().getString("token")).isEqualTo("fake-new");
        assertThat(await(loop, () -> pool.get("absent.json"))).isNull();
    }

    @Test
    void save_newAccountWhoseMessageIsLost_isInTheQueue() {
        AccountPool pool = pool();
        run(fakeLoop, () -> fake.silent = true);

        assertThat(await(loop, () -> pool.save("new.json", "{}")).created()).isTrue();

        assertThat(drain(pool)).containsExactly("new.json");
    }

    @Test
    void save_badName_failsAndWritesNothing() {
        AccountPool pool = pool();

        assertThatThrownBy(() -> await(loop, () -> pool.save("../x.json", "{}")))
                .satisfies(e -> assertThat(Failure.of(e)).isEqualTo(Failure.INVALID_NAME));
        assertThat(on(fakeLoop, () -> fake.files)).isEmpty();
    }

    @Test
    void close_pool_choosesNoneAndFollowsNoMore() {
        disk("a.json");
        AccountPool pool = pool();

        await(loop, pool::close);
        await(loop, pool::close);
        disk("b.json");
        int before = on(fakeLoop, () -> fake.lists);
        await(loop, pool::refresh);

        assertThat(choose(pool)).isEmpty();
        assertThat(on(loop, pool::free)).isEqualTo(1);
        assertThat(on(fakeLoop, () -> fake.lists)).isEqualTo(before);
    }

    @Test
    void anyMethod_offItsEventLoop_throws() {
        AccountPool pool = pool();

        assertThatThrownBy(() -> pool.choose(Set.of())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pool.release("a.json")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(pool::refresh).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> pool.save("a.json", "{}")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(pool::close).isInstanceOf(IllegalStateException.class);
    }

    private void loseMessages() {
        run(fakeLoop, () -> {
            fake.silent = true;
            fake.remove("a.json");
            fake.add("c.json");
        });
        barrier();
    }
}
