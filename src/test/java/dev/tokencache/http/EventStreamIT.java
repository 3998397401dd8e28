package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tokencache.Fingerprint;
import dev.tokencache.Poll;
import dev.tokencache.Precondition;
import dev.tokencache.RunningTime;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenKey;
import dev.tokencache.cache.CacheOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams of events over HTTP, from a cache without a watcher: what is written through it is all that happens. */
@Timeout(60)
class EventStreamIT {
    @TempDir
    Path directory;

    private final List<EventClient> clients = new ArrayList<>();
    private HttpStack stack;
    private TokenCache cache;
    private String cacheId;
    private String httpId;
    private String all;

    @BeforeEach
    void start() throws Exception {
        stack = new HttpStack(directory, options -> options);
        cacheId = stack.deployCache(new CacheOptions().setHistory(500));
        cache = TokenCache.create(stack.vertx);
        all = stack.token(Set.of("*"), Duration.ofHours(1));
    }

    @AfterEach
    void stop() throws Exception {
        for (EventClient client : clients) {
            client.close();
        }
        stack.close();
    }

    private void serve() throws Exception {
        httpId = stack.deployHttp(false);
    }

    private EventClient open(String token, String query, String since) throws IOException {
        EventClient client = new EventClient(stack.port(), token, query, since);
        clients.add(client);
        return client;
    }

    private void put(String key, int version) throws Exception {
        HttpStack.await(cache.put(TokenKey.parse(key), "{\"v\":" + version + "}", Precondition.NONE));
    }

    /** Changes that are nowhere on the disk, far faster than writes are. */
    private void publish(String key, int from, int count) throws Exception {
        JsonArray changes = new JsonArray();
        for (int i = from + 1; i <= from + count; i++) {
            changes.add(new JsonObject()
                    .put("key", key)
                    .put("kind", "changed")
                    .put("fingerprint", new Fingerprint(i, i, i, i).toString()));
        }
        HttpStack.await(cache.observe(new JsonObject().put("changes", changes)));
    }

    private void delete(String key) throws Exception {
        HttpStack.await(cache.delete(TokenKey.parse(key), Precondition.NONE));
    }

    @Test
    void stream_changes_areEventsInOrder() throws Exception {
        serve();
        EventClient client = open(all, "", null).placed();
        put("p/a.json", 1);
        put("p/a.json", 2);
        delete("p/a.json");

        List<EventClient.Event> events = client.next(3);
        assertThat(events).extracting(EventClient.Event::name).containsExactly("added", "changed", "removed");
        assertThat(events).allMatch(event -> event.file().equals("p/a.json"));
        assertThat(events.get(1).data().getString("etag")).isNotEmpty();
        assertThat(events.get(2).data().getMap()).containsEntry("etag", null);
        assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(client.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void stream_resumed_hasExactlyWhatWasMissed() throws Exception {
        serve();
        EventClient first = open(all, "", null).placed();
        put("p/a.json", 1);
        put("p/b.json", 1);
        String since = first.next().id();
        first.close();
        put("q/c.json", 1);
        delete("p/a.json");

        EventClient second = open(all, "", since);
        assertThat(second.next(3))
                .extracting(event -> event.name() + ' ' + event.file())
                .containsExactly("added p/b.json", "added q/c.json", "removed p/a.json");
        put("p/d.json", 1);
        assertThat(second.next().file()).isEqualTo("p/d.json");
    }

    @Test
    void stream_resumedAtWhatIsGone_saysReset() throws Exception {
        serve();
        EventClient old = open(all, "", null).placed();
        for (int i = 0; i < 501; i++) {
            put("p/a.json", i);
        }
        for (String since : List.of(old.lastId(), "00000000000000ff-7", "anything", "a-b-c")) {
            EventClient client = open(all, "", since);
            EventClient.Event event = client.next();
            assertThat(event.name()).as(since).isEqualTo("reset");
            assertThat(event.data()).isEmpty();
            put("p/b" + since + ".json", 1);
            assertThat(client.next().file()).isEqualTo("p/b" + since + ".json");
            client.close();
        }
    }

    @Test
    void stream_grantsAndFilter_showNothingElse() throws Exception {
        serve();
        String some = stack.token(Set.of("p", "q"), Duration.ofHours(1));
        EventClient granted = open(some, "", null).placed();
        EventClient filtered = open(some, "?project=q", null).placed();
        put("p/a.json", 1);
        put("r/b.json", 1);
        put("q/c.json", 1);

        assertThat(granted.next(2)).extracting(EventClient.Event::file).containsExactly("p/a.json", "q/c.json");
        assertThat(filtered.next().file()).isEqualTo("q/c.json");
        EventClient resumed = open(some, "", granted.lastId().replaceFirst("-[0-9]+$", "-0"));
        assertThat(resumed.next(2)).extracting(EventClient.Event::file).containsExactly("p/a.json", "q/c.json");
    }

    @Test
    void request_refused_saysWhy() throws Exception {
        serve();
        assertThat(stack.get("/api/v0/events?project=..").statusCode()).isEqualTo(400);
        assertThat(stack.get("/api/v0/events?other=p").statusCode()).isEqualTo(400);
        String some = stack.token(Set.of("p"), Duration.ofHours(1));
        assertThat(open(some, "?project=q", null).status()).isEqualTo(403);
        assertThat(stack.send("HEAD", "/api/v0/events", null).headers().firstValue("Content-Type"))
                .contains("text/event-stream");
        open(some, "?project=p", null).placed();
    }

    @Test
    void stream_silent_hasHeartbeatsAndTellsThePlace() throws Exception {
        stack.http(options -> options.setEventHeartbeat(Duration.ofMillis(20)));
        serve();
        String some = stack.token(Set.of("p"), Duration.ofHours(1));
        EventClient client = open(some, "", null).placed();
        String place = client.lastId();
        put("other/a.json", 1);
        CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
            try {
                while (client.comments() < 5 || client.lastId().equals(place)) {
                    client.line();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        reading.get(20, TimeUnit.SECONDS);
    }

    @Test
    void stream_idleTimeoutShorterThanTheHeartbeat_staysOpen() throws Exception {
        stack.http(options -> options.setIdleTimeout(Duration.ofMillis(400)));
        serve();
        EventClient client = open(all, "", null).placed();
        while (client.comments() < 5) {
            client.line();
        }
        put("p/a.json", 1);
        assertThat(client.next().file()).isEqualTo("p/a.json");
    }

    @Test
    void stream_endOfItsToken_ends() throws Exception {
        serve();
        String brief = stack.token(Set.of("*"), Duration.ofSeconds(4));
        EventClient client = open(brief, "", null).placed();
        long start = RunningTime.nanoTime();
        client.drain();
        // Before the first heartbeat, which would end it too; a loaded machine may take its time.
        assertThat(Duration.ofNanos(RunningTime.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void stream_ofATokenThatIsNoLongerAccepted_ends() throws Exception {
        stack.http(options -> options.setEventHeartbeat(Duration.ofMillis(50)));
        serve();
        EventClient client = open(all, "", null).placed();
        stack.replaceKey();
        client.drain(); // or fails: nothing else ends it in time
    }

    @Test
    void stop_withStreams_endsThemFirst() throws Exception {
        serve();
        EventClient client = open(all, "", null).placed();
        long start = RunningTime.nanoTime();
        CompletableFuture<Void> ended = CompletableFuture.runAsync(() -> {
            try {
                client.drain();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        stack.undeploy(httpId);
        ended.get(20, TimeUnit.SECONDS);
        assertThat(Duration.ofNanos(RunningTime.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void stream_cacheAwayAndBack_staysOpenAndIsReset() throws Exception {
        stack.http(options -> options.setEventHeartbeat(Duration.ofMillis(50)));
        serve();
        EventClient client = open(all, "", null).placed();
        stack.undeploy(cacheId);
        EventClient early = open(all, "", null);
        stack.deployCache(new CacheOptions());
        early.placed();
        put("p/a.json", 1);

        assertThat(client.next().name()).isEqualTo("reset");
        while (!client.lastId().endsWith("-1")) {
            client.line();
        }
        assertThat(early.next().file()).isEqualTo("p/a.json");
    }

    @Test
    void client_thatDoesNotRead_isCutOffAndHarmsNobody() throws Exception {
        stack.undeploy(cacheId);
        stack.deployCache(new CacheOptions());
        stack.http(options -> options.setEventDrainTimeout(Duration.ofMillis(500)));
        serve();
        EventClient reader = open(all, "", null).placed();
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(4_096);
            slow.setSoTimeout(20_000);
            slow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), stack.port()));
            slow.getOutputStream()
                    .write(("GET " + EventRoutes.PATH + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + all
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = slow.getInputStream();
            in.read();
            long sent = 0;
            String name = "p/" + "n".repeat(200) + ".json";
            int changes = 0;
            // Until the kernel's buffers are full, and our own queue after them.
            while (sent < 8 << 20) {
                publish(name, changes, 1_000);
                changes += 1_000;
                for (EventClient.Event event : reader.next(1_000)) {
                    sent += event.data().encode().length();
                }
            }
            Poll.untilTrue(() -> stack.connections() <= 1);
            assertThatThrownBy(in::readAllBytes).isInstanceOf(SocketException.class);
            assertThat(reader.lastId()).endsWith("-" + changes);
        }
        put("p/after.json", 1);
        assertThat(reader.next().file()).isEqualTo("p/after.json");
    }

    @Test
    void twoInstances_bothTellEverything() throws Exception {
        serve();
        EventClient first = open(all, "", null).placed();
        serve();
        EventClient second = open(all, "", first.lastId());
        put("p/a.json", 1);
        delete("p/a.json");
        List<EventClient.Event> events = first.next(2);
        assertThat(second.next(2)).isEqualTo(events);
    }
}
