package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailedLoginsTest {
    private static final int MOST = 30;
    private static final PeerAddress BAD = PeerAddress.parse("192.0.2.1");
    private static final PeerAddress OTHER = PeerAddress.parse("192.0.2.2");

    /** Just before the clock's numbers turn over, as a monotonic one's may at any time. */
    private final AtomicLong nanos = new AtomicLong(-Duration.ofSeconds(25).toNanos());

    private final FailedLogins logins = new FailedLogins(MOST, nanos::get);

    private void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    private void fail(PeerAddress address, int times) {
        for (int i = 0; i < times; i++) {
            logins.failed(address);
        }
    }

    /** How many of 20 checks an address gets at this moment. */
    private int checks(PeerAddress address) {
        int granted = 0;
        for (int i = 0; i < 20; i++) {
            granted += logins.mayCheck(address) ? 1 : 0;
        }
        return granted;
    }

    @Test
    void mayCheck_oneFailureLessThanTheLimit_isFree() {
        fail(BAD, MOST - 1);

        assertThat(checks(BAD)).isEqualTo(20);
    }

    @Test
    void mayCheck_atTheLimit_isFiveASecondForThatAddressAlone() {
        fail(BAD, MOST);

        assertThat(checks(BAD)).isEqualTo(5);
        assertThat(checks(OTHER)).isEqualTo(20);
        advance(Duration.ofMillis(999));
        assertThat(checks(BAD)).isZero();
        advance(Duration.ofMillis(1));
        assertThat(checks(BAD)).isEqualTo(5);
    }

    @Test
    void mayCheck_aMinuteWithoutFailures_isFreeAgain() {
        fail(BAD, MOST);

        advance(Duration.ofSeconds(49));
        assertThat(checks(BAD)).isEqualTo(5);
        advance(Duration.ofSeconds(11));
        assertThat(checks(BAD)).isEqualTo(20);
    }

    @Test
    void mayCheck_failuresThatGoOn_staysThrottled() {
        fail(BAD, MOST);
        for (int i = 0; i < 120; i++) {
            fail(BAD, 5);
            advance(Duration.ofSeconds(5));
            assertThat(checks(BAD)).isEqualTo(5);
        }
    }

    @Test
    void mayCheck_failuresSpreadOverMinutes_isFree() {
        for (int i = 0; i < 300; i++) {
            logins.failed(BAD);
            advance(Duration.ofMillis(2_500));
            assertThat(logins.mayCheck(BAD)).isTrue();
        }
    }

    @Test
    void mayCheck_addressesOfOneIpv6Network_areOne() {
        for (int i = 0; i < MOST; i++) {
            logins.failed(PeerAddress.parse("2001:db8:1:2::" + Integer.toHexString(i)));
        }

        assertThat(checks(PeerAddress.parse("2001:db8:1:2:ffff::1"))).isEqualTo(5);
        assertThat(checks(PeerAddress.parse("2001:db8:1:3::1"))).isEqualTo(20);
    }

    @Test
    void failed_fromManyMoreAddressesThanFit_keepsTheTableSmallAndThoseThatComeAgain() {
        fail(BAD, MOST);
        for (int i = 0; i < 3 * FailedLogins.MAX_ADDRESSES; i++) {
            logins.failed(PeerAddress.parse("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)));
            if (i % 100 == 0) {
                logins.failed(BAD);
            }
        }

        assertThat(logins.size()).isLessThanOrEqualTo(FailedLogins.MAX_ADDRESSES);
        assertThat(checks(BAD)).isEqualTo(5);
    }

    @Test
    void failed_longAgo_isForgotten() {
        fail(BAD, MOST);
        advance(Duration.ofMinutes(2).plusSeconds(1));

        assertThat(logins.size()).isZero();
    }

    @Test
    void mayCheck_fromManyThreads_grantsNoMoreThanFive() throws InterruptedException {
        fail(BAD, MOST);
        AtomicInteger granted = new AtomicInteger();
        CountDownLatch begin = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 4; i++) {
            threads.execute(() -> {
                try {
                    begin.await();
                } catch (InterruptedException e) {
                    return;
                }
                granted.addAndGet(checks(BAD));
            });
        }
        begin.countDown();
        threads.shutdown();

        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(granted).hasValue(5);
    }
}
