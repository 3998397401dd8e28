package dev.tokencache.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import dev.tokencache.client.ApiClient;
import dev.tokencache.client.ApiException;
import dev.tokencache.client.ApiResponse;
import dev.tokencache.client.api.CacheApi;
import dev.tokencache.client.api.ManagementApi;
import dev.tokencache.client.api.ServerApi;
import dev.tokencache.client.api.TokensApi;
import dev.tokencache.client.model.AccountData;
import dev.tokencache.client.model.CacheStatistics;
import dev.tokencache.client.model.ErrorName;
import dev.tokencache.client.model.ErrorReply;
import dev.tokencache.client.model.Health;
import dev.tokencache.client.model.ImportResult;
import dev.tokencache.client.model.Invalidation;
import dev.tokencache.client.model.NewAccount;
import dev.tokencache.client.model.PreloadRequest;
import dev.tokencache.client.model.Statistics;
import dev.tokencache.client.model.TokenMetadata;
import dev.tokencache.client.model.TokenName;
import dev.tokencache.client.model.TokenNames;
import dev.tokencache.client.model.TokenPage;
import dev.tokencache.client.model.TokenValue;
import dev.tokencache.client.model.ValuePage;
import dev.tokencache.client.model.WrittenToken;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client generated from the contract talks with the real server, as a program of somebody else's would. */
class GeneratedClientIT extends ManagementServer {
    private static final String MADE_UP = "made-up";

    private static TokensApi tokens;
    private static ManagementApi management;
    private static CacheApi cache;

    @BeforeAll
    static void connect() {
        ApiClient client = client(server.token(List.of(Scope.values()), JwtIssuer.ALL_PROJECTS));
        tokens = new TokensApi(client);
        management = new ManagementApi(client);
        cache = new CacheApi(client);
    }

    /** The generator leaves the bearer token to an interceptor, and the nulls of a patch to the mapper. */
    private static ApiClient client(String token) {
        ApiClient client = new ApiClient();
        client.setObjectMapper(ApiClient.createDefaultObjectMapper()
                .setDefaultPropertyInclusion(JsonInclude.Value.construct(Include.NON_NULL, Include.ALWAYS)));
        client.updateBaseUri("http://127.0.0.1:" + server.port());
        return token == null
                ? client
                : client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    }

    private static String etag(ApiResponse<?> response) {
        return response.getHeaders().get("etag").get(0);
    }

    /** What a call failed with; a 304 is among the failures. */
    private static ApiException failure(Callable<?> call) {
        return catchThrowableOfType(ApiException.class, call::call);
    }

    private static ErrorReply error(ApiException failure) throws Exception {
        return ApiClient.createDefaultObjectMapper().readValue(failure.getResponseBody(), ErrorReply.class);
    }

    private static ApiException get(String filename, String ifNoneMatch) {
        return failure(() -> tokens.getToken("round", filename, ifNoneMatch));
    }

    /** The program that src/docs/rest.md shows. */
    @Test
    void program_ofThePage_readsATokenAndItsTag() throws Exception {
        tokens.putToken("demo", "a.json", Map.of("token", MADE_UP), null, null);
        String url = "http://127.0.0.1:" + server.port();
        String token = server.token(List.of(Scope.TOKENS_READ), "demo");

        ApiClient client = new ApiClient();
        client.updateBaseUri(url);
        client.setObjectMapper(ApiClient.createDefaultObjectMapper()
                .setDefaultPropertyInclusion(JsonInclude.Value.construct(Include.NON_NULL, Include.ALWAYS)));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        ApiResponse<Map<String, Object>> read = new TokensApi(client).getTokenWithHttpInfo("demo", "a.json", null);
        String tag = read.getHeaders().get("etag").get(0);

        assertThat(read.getData()).isEqualTo(Map.of("token", MADE_UP));
        assertThat(tag).matches("\"[\\w-]+\"");
    }

    @Test
    void token_createdReadChangedDeleted_comesRound() throws Exception {
        String name = "user+tag@example.com.json";
        Map<String, Object> written =
                Map.of("token", MADE_UP, "nested", Map.of("n", 1.5, "list", List.of(1, 2)), "device_id", "here");

        ApiResponse<Void> created = tokens.putTokenWithHttpInfo("round", name, written, null, "*");
        ApiResponse<Map<String, Object>> read = tokens.getTokenWithHttpInfo("round", name, null);

        assertThat(created.getStatusCode()).isEqualTo(201);
        assertThat(read.getData()).isEqualTo(written);
        assertThat(etag(read)).isEqualTo(etag(created)).matches("\"[A-Za-z0-9_-]+\"");
        assertThat(read.getHeaders().get("x-cache").get(0)).isIn("HIT", "MISS");
        assertThat(get(name, etag(read)).getCode()).isEqualTo(304);
        assertThat(tokens.headTokenWithHttpInfo("round", name, null).getHeaders())
                .containsEntry("etag", List.of(etag(read)));

        ApiResponse<Map<String, Object>> patched =
                tokens.patchTokenWithHttpInfo("round", name, Collections.singletonMap("device_id", null), etag(read));
        assertThat(patched.getData()).isEqualTo(Map.of("token", MADE_UP, "nested", written.get("nested")));

        assertThat(failure(() -> tokens.patchTokenWithHttpInfo("round", name, Map.of("token", "x"), etag(read)))
                        .getCode())
                .isEqualTo(412);
        ApiException lost =
                failure(() -> tokens.putTokenWithHttpInfo("round", name, Map.of("token", "x"), etag(read), null));
        assertThat(lost.getCode()).isEqualTo(412);
        assertThat(error(lost).getError()).isEqualTo(ErrorName.PRECONDITION_FAILED);
        assertThat(failure(() -> tokens.putTokenWithHttpInfo("round", name, written, null, "*"))
                        .getCode())
                .isEqualTo(412);
        assertThat(tokens.putTokenWithHttpInfo("round", name, written, etag(patched), null)
                        .getStatusCode())
                .isEqualTo(204);

        assertThat(tokens.deleteTokenWithHttpInfo("round", name, "*").getStatusCode())
                .isEqualTo(204);
        assertThat(get(name, null).getCode()).isEqualTo(404);
    }

    @Test
    void error_ofEachKind_hasTheOneForm() throws Exception {
        ErrorReply absent = error(get("absent.json", null));
        assertThat(absent.getSuccess()).isFalse();
        assertThat(absent.getStatusCode()).isEqualTo(404);
        assertThat(absent.getError()).isEqualTo(ErrorName.NOT_FOUND);
        assertThat(absent.getMessage()).isNotEmpty();

        ApiException nobody =
                failure(() -> new TokensApi(client(null)).getTokenWithHttpInfo("round", "absent.json", null));
        assertThat(nobody.getResponseHeaders().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(error(nobody).getError()).isEqualTo(ErrorName.UNAUTHORIZED);
        assertThat(error(failure(() -> management.getTokenData("..", "a.json"))).getError())
                .isEqualTo(ErrorName.INVALID_NAME);
    }

    @Test
    void accounts_addedListedGotAndRemoved_comeRound() throws Exception {
        WrittenToken added = management.addToken(new NewAccount()
                .project("accounts")
                .type(NewAccount.TypeEnum.PASSWORD)
                .data(new AccountData().email("user@example.com").password(MADE_UP)));
        management.addToken(new NewAccount()
                .project("accounts")
                .type(NewAccount.TypeEnum.SESSION)
                .data(new AccountData().token(MADE_UP)));

        assertThat(added.getFilename()).isEqualTo("user_example_com.json");
        TokenNames names = management.listTokenNames("accounts", null);
        assertThat(names.getCount()).isEqualTo(2);
        assertThat(names.getTokens()).contains(added.getFilename());
        Map<String, Object> data =
                management.getTokenData("accounts", added.getFilename()).getData();
        assertThat(data).containsEntry("email", "user@example.com").doesNotContainKey("token");
        assertThat(Instant.parse((String) data.get("created_at"))).isBeforeOrEqualTo(Instant.now());
        assertThat(management.listProjects().getProjects())
                .anySatisfy(project -> assertThat(project.getName()).isEqualTo("accounts"));
        management.removeToken(new TokenName().project("accounts").filename(added.getFilename()));
        assertThat(management.listTokenNames("accounts", null).getCount()).isEqualTo(1);
    }

    @Test
    void names_unchanged_areNotSentAgain() throws Exception {
        put("known", "a.json", "{}");
        String tag = etag(management.listTokenNamesWithHttpInfo("known", null));

        assertThat(failure(() -> management.listTokenNames("known", tag)).getCode())
                .isEqualTo(304);
        tokens.putToken("known", "b.json", Map.of("token", MADE_UP), null, null);
        assertThat(management.listTokenNames("known", tag).getCount()).isEqualTo(2);
    }

    @Test
    void cache_countedLoadedAndDropped_saysNumbersAndNulls() throws Exception {
        put("counts", "a.json", "{}");
        put("counts", "bad.json", "{");

        assertThat(cache.preloadProject(new PreloadRequest().project("counts")))
                .satisfies(loaded -> assertThat(loaded.getLoaded()).isEqualTo(1))
                .satisfies(loaded ->
                        assertThat(loaded.getFailed().get(0).getReason()).isEqualTo(ErrorName.INVALID_TOKEN_FILE));
        Statistics statistics = cache.getStats();
        assertThat(statistics.getStats().get("counts").getCachedTokens()).isEqualTo(1);
        assertThat(statistics.getStats().get("counts").getInvalidFiles()).isEqualTo(1);
        CacheStatistics whole = statistics.getCache();
        assertThat(whole.getHitRate()).isBetween(0.0, 1.0);
        assertThat(whole.getLoadTime().getP99()).isPositive();
        assertThat(whole.getWatch().getRoot()).isNull();
        assertThat(cache.invalidateCache(new Invalidation().project("counts").filename("a.json"))
                        .getInvalidated())
                .isEqualTo(1);
        assertThat(cache.clearCache().getInvalidated()).isNotNegative();
    }

    @Test
    void values_inPages_sayErrorsInPlaceOfData() throws Exception {
        put("values", "a.json", "{\"n\":1}");
        put("values", "b.json", "nothing");

        ValuePage first = management.getAllTokens("values", 1, null, null, null, null, null, null);
        ValuePage second = management.getAllTokens("values", 1, first.getCursor(), null, null, null, null, null);

        assertThat(first.getTokens()).singleElement().satisfies(token -> {
            assertThat(token.getData()).isEqualTo(Map.of("n", 1));
            assertThat(token.getError()).isNull();
        });
        assertThat(second.getCursor()).isNull();
        assertThat(second.getTokens()).singleElement().satisfies(token -> {
            assertThat(token.getData()).isNull();
            assertThat(token.getError()).isEqualTo(ErrorName.INVALID_TOKEN_FILE);
        });
    }

    private static List<TokenMetadata> pages(Boolean expired, String expiringWithin, Boolean invalid) throws Exception {
        List<TokenMetadata> found = new ArrayList<>();
        String cursor = null;
        do {
            TokenPage page = tokens.listTokens("paged", 2, cursor, null, expired, expiringWithin, invalid, null);
            found.addAll(page.getTokens());
            cursor = page.getCursor();
        } while (cursor != null);
        return found;
    }

    private static List<String> names(List<TokenMetadata> tokens) {
        return tokens.stream().map(TokenMetadata::getFilename).toList();
    }

    @Test
    void metadata_inFilteredPages_hasTimesAndNulls() throws Exception {
        OffsetDateTime soon = OffsetDateTime.now(ZoneOffset.UTC).plusMinutes(30).withNano(0);
        put("paged", "bad.json", "{\n x");
        put("paged", "lasting.json", "{\"token\":\"made-up\"}");
        put("paged", "old.json", "{\"expires_at\":\"2001-02-03T04:05:06+07:00\",\"refresh_token\":\"made-up\"}");
        Path file = put("paged", "soon.json", "{\"expires_at\":\"" + soon + "\"}");

        List<TokenMetadata> all = pages(null, null, null);

        assertThat(names(all)).containsExactly("bad.json", "lasting.json", "old.json", "soon.json");
        TokenMetadata bad = all.get(0);
        assertThat(bad.getValid()).isFalse();
        assertThat(bad.getReason()).isEqualTo("not_json");
        assertThat(bad.getPosition().getLine()).isEqualTo(2);
        assertThat(bad.getSince()).isBeforeOrEqualTo(OffsetDateTime.now(ZoneOffset.UTC));
        assertThat(bad.getEtag()).isNull();
        assertThat(all.get(1).getExpiresAt()).isNull();
        assertThat(all.get(1).getExpirySource()).isNull();
        assertThat(all.get(2).getExpiresAt()).isEqualTo(OffsetDateTime.parse("2001-02-02T21:05:06Z"));
        assertThat(all.get(2).getHasRefreshToken()).isTrue();
        assertThat(all.get(3).getExpiresAt()).isEqualTo(soon);
        assertThat(all.get(3).getModified().toInstant())
                .isEqualTo(Files.getLastModifiedTime(file).toInstant());
        assertThat(names(pages(true, null, null))).containsExactly("old.json");
        assertThat(names(pages(null, "1h", null))).containsExactly("soon.json");
        assertThat(names(pages(null, null, true))).containsExactly("bad.json");
        ApiResponse<TokenPage> page = tokens.listTokensWithHttpInfo("paged", 2, null, "l", null, null, false, null);
        assertThat(names(page.getData().getTokens())).containsExactly("lasting.json");
        assertThat(failure(() -> tokens.listTokens("paged", 2, null, "l", null, null, false, etag(page)))
                        .getCode())
                .isEqualTo(304);
    }

    /** The client keeps such replies in files. */
    private static List<String> lines(File reply) throws Exception {
        try {
            return Files.readAllLines(reply.toPath());
        } finally {
            Files.delete(reply.toPath());
        }
    }

    @Test
    void lines_importedAndExported_comeRound() throws Exception {
        File results = management.importTokens(
                "lines", "{\"filename\":\"a.json\",\"data\":{\"token\":\"made-up\"}}\n{\"filename\":\"b.json\"}\n");

        List<ImportResult> read = new ArrayList<>();
        for (String line : lines(results)) {
            read.add(ApiClient.createDefaultObjectMapper().readValue(line, ImportResult.class));
        }
        assertThat(read).hasSize(2);
        assertThat(read.get(0).getStatus()).isEqualTo(201);
        assertThat(read.get(0).getError()).isNull();
        assertThat(read.get(1).getEtag()).isNull();
        assertThat(read.get(1).getError()).isEqualTo(ErrorName.BAD_REQUEST);
        List<String> exported = lines(management.exportTokens("lines"));
        assertThat(exported).hasSize(1);
        assertThat(ApiClient.createDefaultObjectMapper()
                        .readValue(exported.get(0), TokenValue.class)
                        .getData())
                .isEqualTo(Map.of("token", MADE_UP));
    }

    @Test
    void server_itself_isKnownWithoutAToken() throws Exception {
        ServerApi open = new ServerApi(client(null));

        ApiResponse<File> contract = open.getContractWithHttpInfo(null);
        List<String> lines = lines(contract.getData());

        try (var published = GeneratedClientIT.class.getResourceAsStream("/dev/tokencache/http/openapi.yaml")) {
            assertThat(lines)
                    .isEqualTo(
                            new String(published.readAllBytes(), UTF_8).lines().toList());
        }
        assertThat(contract.getHeaders().get("content-type")).containsExactly("application/yaml");
        assertThat(failure(() -> open.getContract(etag(contract))).getCode()).isEqualTo(304);
        assertThat(open.getVersion().getVersion())
                .as("the version in the contract is that of the server")
                .isEqualTo(lines.stream()
                        .filter(line -> line.startsWith("  version: "))
                        .findFirst()
                        .orElseThrow()
                        .replace("  version: ", ""));
        assertThat(open.getLiveness().getStatus()).isEqualTo(Health.StatusEnum.UP);
    }
}
