package dev.tokencache.server;

import static dev.tokencache.server.Api.errorBody;
import static dev.tokencache.server.Api.strings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, parameters and paths that are not what they should be each get their one answer. */
class BadNamesIT extends BadInputServer {
    private static final String CANARY = BadInput.CANARY;

    private static String query(String project, String filename) {
        return "project=" + project + "&filename=" + filename;
    }

    /** The same answer to a caller that is known already and to a new one, whose request takes the longer way. */
    private static void assertRefused(String target, Failure failure) throws Exception {
        for (Api caller : List.of(input.admin(), input.server().admin())) {
            String reply = caller.rawGet(target);
            assertThat(reply).startsWith("HTTP/1.1 " + failure.code() + " ").endsWith("\r\n\r\n" + errorBody(failure));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../demo/good.json",
                "..%2Fdemo%2Fgood.json",
                "%2e%2e%2fdemo%2fgood.json",
                "%252e%252e%252fdemo%252fgood.json",
                "/etc/passwd.json",
                "%2Fetc%2Fpasswd.json",
                "a/good.json",
                "./good.json",
                "good.json%00",
                "%00.json",
                "good%00.json",
                "..\\good.json",
                "..%5Cgood.json",
                ".json",
                ".good.json",
                "..json",
                "go..od.json",
                "good.JSON",
                "good.json.",
                "good.json%20",
                "+good.json",
                "%2Bgood.json",
                "-good.json",
                "@good.json",
                "~good.json",
                "good%0d%0aX-Injected:%201.json",
                "%C3%A9.json",
                "good%EF%BC%8Ejson",
                "good",
                "*",
                ".token-cache.lock",
                CANARY + "%3Cscript%3E.json"
            })
    void get_fileNameAgainstTheRule_isRefused(String filename) throws Exception {
        assertRefused(Api.BASE + "tokens/get?" + query("demo", filename), Failure.INVALID_NAME);
    }

    @Test
    void get_longNames_areRefusedOnlyPastTheLimit() throws Exception {
        assertRefused(Api.BASE + "tokens/get?" + query("demo", "x".repeat(250) + ".json"), Failure.NOT_FOUND);
        assertRefused(Api.BASE + "tokens/get?" + query("demo", "x".repeat(251) + ".json"), Failure.INVALID_NAME);
        assertRefused(Api.BASE + "tokens/get?" + query("p".repeat(64), "good.json"), Failure.NOT_FOUND);
        assertRefused(Api.BASE + "tokens/get?" + query("p".repeat(65), "good.json"), Failure.INVALID_NAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                ".demo",
                "_demo",
                "-demo",
                "demo/",
                "demo/../demo",
                "demo%2F..%2Fdemo",
                "%2e%2e",
                "demo%00",
                "de..mo",
                "demo%20",
                "demo%5C",
                "d%C3%A9mo",
                "%2Ftmp"
            })
    void anyRoute_projectNameAgainstTheRule_isRefused(String project) throws Exception {
        assertRefused(Api.BASE + "tokens/get?" + query(project, "good.json"), Failure.INVALID_NAME);
        assertRefused(Api.BASE + "tokens/list?project=" + project, Failure.INVALID_NAME);
        assertRefused(Api.BASE + "tokens/all?project=" + project, Failure.INVALID_NAME);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "project=demo",
                "filename=good.json",
                "project=&filename=good.json",
                "project=demo&filename=",
                "project=demo&filename",
                "project=demo&project=demo&filename=good.json",
                "project=demo&filename=good.json&filename=good.json",
                "project=demo;filename=good.json;filename=good.json",
                "project=demo&%70roject=demo&filename=good.json",
                "project=demo&filename=good.json&x=" + CANARY,
                "project=demo&filename=good.json&x",
                "project=demo;filename=good.json;x=1",
                "PROJECT=demo&filename=good.json",
                "project[]=demo&filename=good.json",
                "project=demo&filename=good.json%",
                "project=demo&filename=good.json%2",
                "project=demo&filename=%zz.json",
                "project=demo&filename=%u0041.json",
                "project=demo&filename=%ff.json",
                "project=demo&filename=%c0%ae%c0%ae.json",
                "project=demo&filename=%ed%a0%80.json",
                "project=demo&filename=good.json?x=1&=",
            })
    void get_wrongParameters_areRefused(String query) throws Exception {
        assertRefused(Api.BASE + "tokens/get?" + query, Failure.BAD_REQUEST);
    }

    @Test
    void get_separatedBySemicolon_isServed() throws Exception {
        assertThat(input.admin().rawGet(Api.BASE + "tokens/get?project=demo;filename=good.json;"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v0/management/tokens//get",
                "/api/v0/management/./tokens/get",
                "/api/v0/management/cache/../tokens/get",
                "/api/v0/management/%2e/tokens/get",
                "/api/v0/management/tokens/get/",
                "/api/v0/management/tokens/get/.",
                "/api/v0/management/tokens/%67et",
                "/api/v0/management/tokens%2Fget",
                "/api/v0/management/tokens/get%00",
                "/api/v0/management/tokens/get%",
                "/api/v0/management/tokens/%zz",
                "/api/v0/management/tokens/get%20",
                "/api/v0/management/tokens/get;x=1",
                "/api/v0/management\\tokens\\get",
                "//api/v0/management/tokens/get",
                "/API/v0/management/tokens/get",
                "/api/v0/management/tokens/Get",
                "/api/v0/management/tokens",
                "/api/v0/management/tokens/get/x",
                "/api/v0/../../etc/passwd",
                "/%2e%2e/%2e%2e/etc/passwd",
                "/" + CANARY,
            })
    void path_otherSpelling_isNotFound(String path) throws Exception {
        assertRefused(path + "?" + query("demo", "good.json"), Failure.NOT_FOUND);
    }

    @Test
    void path_absoluteForm_isServed() throws Exception {
        assertThat(input.nobody().rawGet("http://localhost:" + input.server().port() + "/health/live"))
                .startsWith("HTTP/1.1 200 ");
    }
}
