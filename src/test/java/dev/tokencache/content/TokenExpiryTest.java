package dev.tokencache.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.TokenFile;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenExpiryTest {
    private static final long NEW_YEAR = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "expired",
                "expire",
                "expires",
                "expires_at",
                "expiresAt",
                "expiry",
                "expiry_date",
                "exp",
                "expires_at_ms"
            })
    void check_member_countsAtTopLevelAndInTheContainers(String member) throws Exception {
        String own = "\"" + member + "\":" + NEW_YEAR;

        assertThat(check("{" + own + "}")).isEqualTo(new TokenContent(NEW_YEAR, member, false));
        for (String container : new String[] {"token", "tokens", "claudeAiOauth"}) {
            assertThat(check("{\"x\":[{}],\"" + container + "\":{\"y\":{}," + own + "}}"))
                    .isEqualTo(new TokenContent(NEW_YEAR, container + "." + member, false));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'other':{'exp':@}}",
                "{'':{'exp':@}}",
                "{'token':[{'exp':@}]}",
                "{'tokens':[@]}",
                "{'exp':[@]}",
                "{'exp':{'exp':@}}",
                "{'exp':[[],@]}",
                "{'a':{'token':{'exp':@}}}",
                "{'token':{'token':{'exp':@}}}",
                "{'token':{'a':{},'b':[{'exp':@}]}}",
                "{'Exp':@,'EXPIRES':@}",
                "{'refresh_token_expires_at':@}",
            })
    void check_memberElsewhere_doesNotCount(String json) throws Exception {
        assertThat(check(json.replace('\'', '"').replace("@", Long.toString(NEW_YEAR))))
                .isEqualTo(new TokenContent(TokenFile.NO_EXPIRY, null, false));
    }

    @Test
    void check_afterAContainer_topLevelCountsAgain() throws Exception {
        assertThat(check("{\"other\":{\"a\":1},\"exp\":1767225600}").expirySource())
                .isEqualTo("exp");
        assertThat(check("{\"tokens\":{\"a\":1},\"other\":{\"exp\":1767225600}}")
                        .expirySource())
                .isNull();
    }

    @Test
    void check_escapedName_counts() throws Exception {
        assertThat(check("{\"e\\u0078p\":1767225600}").expirySource()).isEqualTo("exp");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1767225600                            | 2026-01-01T00:00:00Z",
                "1767225600000                         | 2026-01-01T00:00:00Z",
                "1767225600.25                         | 2026-01-01T00:00:00.250Z",
                "1767225600.123                        | 2026-01-01T00:00:00.123Z",
                "1767225600123.9                       | 2026-01-01T00:00:00.124Z",
                "1.7672256e9                           | 2026-01-01T00:00:00Z",
                "1.7672256E+12                         | 2026-01-01T00:00:00Z",
                "\"1767225600\"                        | 2026-01-01T00:00:00Z",
                "\"1767225600000\"                     | 2026-01-01T00:00:00Z",
                "\"1767225600.5\"                      | 2026-01-01T00:00:00.500Z",
                "100000000                             | 1973-03-03T09:46:40Z",
                "253402300799                          | 9999-12-31T23:59:59Z",
                "253402300799999                       | 9999-12-31T23:59:59.999Z",
                "1000000000001                         | 2001-09-09T01:46:40.001Z",
                "\"2026-01-01T00:00:00Z\"              | 2026-01-01T00:00:00Z",
                "\"2026-01-01t00:00:00z\"              | 2026-01-01T00:00:00Z",
                "\"2026-01-01 00:00:00Z\"              | 2026-01-01T00:00:00Z",
                "\"2026-01-01T00:00:00.5Z\"            | 2026-01-01T00:00:00.500Z",
                "\"2026-01-01T00:00:00.123456789Z\"    | 2026-01-01T00:00:00.123Z",
                "\"2026-01-01T00:00:00.1239999999999Z\"| 2026-01-01T00:00:00.123Z",
                "\"2026-01-01T08:00:00+08:00\"         | 2026-01-01T00:00:00Z",
                "\"2025-12-31T19:00:00.5-05:00\"       | 2026-01-01T00:00:00.500Z",
                "\"2026-01-01T05:30:00+0530\"          | 2026-01-01T00:00:00Z",
                "\"2026-01-01T00:00:00-00:00\"         | 2026-01-01T00:00:00Z",
                "\"2026-01-01T00:00:00\"               | 2026-01-01T00:00:00Z",
                "\"2026-01-01T00:00:00.123456\"        | 2026-01-01T00:00:00.123Z",
                "\"2026-01-01 00:00\"                  | 2026-01-01T00:00:00Z",
                "\"2026-01-01 00:00:07\"               | 2026-01-01T00:00:07Z",
                "\"2024-02-29T23:59:59Z\"              | 2024-02-29T23:59:59Z",
                "\"2016-12-31T23:59:60Z\"              | 2017-01-01T00:00:00Z",
                "\"2026-01-01T00:00:0\\u0030Z\"        | 2026-01-01T00:00:00Z",
            })
    void check_moment_isRead(String value, Instant moment) throws Exception {
        TokenContent content = check("{\"expires_at\":" + value + "}");

        assertThat(content.expirySource()).isEqualTo("expires_at");
        assertThat(Instant.ofEpochMilli(content.expiresAtMillis())).isEqualTo(moment);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "{}",
                "[]",
                "\"\"",
                "\"true\"",
                "\"never\"",
                "\"NaN\"",
                "\"Infinity\"",
                "\"1767225600f\"",
                "\"0x1p40\"",
                "\"+1767225600\"",
                "\"17_672_256_00\"",
                "0",
                "-1",
                "-1767225600",
                "3600",
                "\"3600\"",
                "99999999",
                "1e999999999",
                "-1e999999999",
                "1e-999999999",
                "9223372036854775807",
                "253402300800000",
                "1767225600000000",
                "\"0001-01-01T00:00:00Z\"",
                "\"2026-01-01\"",
                "\"2026-02-29T00:00:00Z\"",
                "\"2026-13-01T00:00:00Z\"",
                "\"2026-00-01T00:00:00Z\"",
                "\"2026-01-01T24:00:00Z\"",
                "\"2026-01-01T00:60:00Z\"",
                "\"2026-01-01T00:00:61Z\"",
                "\"2026-01-01T00:00:00+24:00\"",
                "\"2026-01-01T00:00:00+08\"",
                "\"2026-01-01T00:00:00 Europe/Paris\"",
                "\"2026-01-01T00:00:00.Z\"",
                "\"2026-1-1 0:0\"",
                "\"1/1/2026\"",
                "\"Thu, 01 Jan 2026 00:00:00 GMT\"",
                "\"\u0661\u0667\u0666\u0667\u0662\u0662\u0665\u0666\u0660\u0660\"",
            })
    void check_noMoment_isPassedOver(String value) throws Exception {
        assertThat(check("{\"expired\":" + value + "}").expirySource()).isNull();
        assertThat(check("{\"expired\":" + value + ",\"exp\":1767225600}"))
                .isEqualTo(new TokenContent(NEW_YEAR, "exp", false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'exp':1767225600,'expires_at':1767225601}                           | expires_at",
                "{'expires_at':1767225601,'exp':1767225600}                           | expires_at",
                "{'token':{'expired':1767225600},'expires_at_ms':1767225600000}        | expires_at_ms",
                "{'claudeAiOauth':{'expired':1767225600},'tokens':{'exp':1767225600}}  | tokens.exp",
                "{'tokens':{'expired':1767225600},'token':{'exp':1767225600}}          | token.exp",
                "{'timestamp':1767225600000,'expires_in':60,'token':{'exp':1767225600}}| token.exp",
                "{'timestamp':1767225600000,'expires_in':60,'access_token':'@'}        | expires_in",
                "{'token':{'timestamp':1767225600000,'expires_in':60},'access_token':'@'} | token.expires_in",
                "{'token':{'access_token':'@'},'access_token':'@'}                     | access_token.exp",
                "{'tokens':{'access_token':'@'}}                                       | tokens.access_token.exp",
                "{'access_token':'@','expired':true}                                   | access_token.exp",
            })
    void check_severalStatements_theStrongestWins(String json, String source) throws Exception {
        String text = json.replace('\'', '"').replace("@", jwt("{\"exp\":1767225600}"));

        assertThat(check(text).expirySource()).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'timestamp':1767225600000,'expires_in':3599}     | 1767229199000",
                "{'expires_in':3599,'timestamp':1767225600000}     | 1767229199000",
                "{'timestamp':'1767225600000','expires_in':'3599'} | 1767229199000",
                "{'timestamp':1767225600,'expires_in':3599}        | 1767229199000",
                "{'timestamp':1767225600000,'expires_in':0.5}      | 1767225600500",
                "{'timestamp':1767225600000,'expires_in':0}        | 1767225600000",
            })
    void check_timestampAndLifetime_areAdded(String json, long moment) throws Exception {
        assertThat(check(json.replace('\'', '"'))).isEqualTo(new TokenContent(moment, "expires_in", false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'expires_in':3599}",
                "{'timestamp':1767225600000}",
                "{'timestamp':1767225600000,'expires_in':-1}",
                "{'timestamp':1767225600000,'expires_in':1e300}",
                "{'timestamp':1767225600000,'expires_in':true}",
                "{'timestamp':1767225600000,'expires_in':'soon'}",
                "{'timestamp':null,'expires_in':3599}",
                "{'timestamp':5,'expires_in':3599}",
                "{'timestamp':1767225600000,'token':{'expires_in':3599}}",
            })
    void check_timestampOrLifetimeAlone_statesNothing(String json) throws Exception {
        assertThat(check(json.replace('\'', '"')).expirySource()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"exp\":1767225600}",
                "{\"exp\":1767225600.0}",
                "{\"sub\":\"fake\",\"nested\":{\"exp\":1},\"list\":[{\"exp\":2}],\"exp\":1767225600}",
                " {\"exp\":1767225600,\"name\":\"\u00e4\u20ac\"} ",
            })
    void check_jwtInAccessToken_givesItsExp(String payload) throws Exception {
        assertThat(check("{\"access_token\":\"" + jwt(payload) + "\"}"))
                .isEqualTo(new TokenContent(NEW_YEAR, "access_token.exp", false));
    }

    @Test
    void check_jwtWithPadding_givesItsExp() throws Exception {
        String payload = Base64.getUrlEncoder().encodeToString(utf8("{\"exp\":1767225600 }"));

        assertThat(payload).endsWith("=");
        assertThat(check("{\"access_token\":\"e30." + payload + ".fake\"}").expiresAtMillis())
                .isEqualTo(NEW_YEAR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"exp\":null}",
                "{\"exp\":\"1767225600\"}",
                "{\"exp\":{\"exp\":1767225600}}",
                "{\"nested\":{\"exp\":1767225600}}",
                "{\"exp\":0}",
                "{\"exp\":",
                "{\"exp\"",
                "[1767225600]",
                "1767225600",
                "",
                "not json",
            })
    void check_jwtWithoutUsableExp_statesNothing(String payload) throws Exception {
        assertThat(check("{\"access_token\":\"" + jwt(payload) + "\"}").expirySource())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "opaque",
                "a.b",
                "a.!!!.c",
                "ya29.fake.opaque",
                "e30.eyJleHAiOjE3NjcyMjU2MDB9",
                "e30.eyJleHAiOjE3NjcyMjU2MDB9.a.b.c"
            })
    void check_accessTokenThatIsNoJwt_statesNothing(String token) throws Exception {
        assertThat(check("{\"access_token\":\"" + token + "\"}").expirySource()).isNull();
    }

    @Test
    void check_jwtElsewhere_statesNothing() throws Exception {
        String jwt = jwt("{\"exp\":1767225600}");

        for (String member : new String[] {"id_token", "refresh_token", "accessToken", "token", "session"}) {
            assertThat(check("{\"" + member + "\":\"" + jwt + "\"}").expirySource())
                    .as(member)
                    .isNull();
        }
        assertThat(check("{\"other\":{\"access_token\":\"" + jwt + "\"}}").expirySource())
                .isNull();
    }

    @Test
    void check_hugeJwt_isNotLookedInto() throws Exception {
        String padding = "x".repeat(JwtExpiry.MAX_LENGTH);

        assertThat(check("{\"access_token\":\"" + jwt("{\"exp\":1767225600,\"x\":\"" + padding + "\"}") + "\"}")
                        .expirySource())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'refresh_token':'fake'}                        | true",
                "{'refreshToken':'fake'}                         | true",
                "{'token':{'refresh_token':'fake'}}              | true",
                "{'tokens':{'refresh_token':'fake'}}             | true",
                "{'claudeAiOauth':{'refreshToken':'fake'}}       | true",
                "{'refresh_token':'','refreshToken':'fake'}      | true",
                "{'refreshToken':'fake','refresh_token':null}    | true",
                "{'refresh_token':''}                            | false",
                "{'refresh_token':null}                          | false",
                "{'refresh_token':true}                          | false",
                "{'refresh_token':17}                            | false",
                "{'refresh_token':['fake']}                      | false",
                "{'refresh_token':{'value':'fake'}}              | false",
                "{'other':{'refresh_token':'fake'}}              | false",
                "{'tokens':[{'refresh_token':'fake'}]}           | false",
                "{'refresh':'fake','access_token':'fake'}        | false",
            })
    void check_refreshToken_isNoticed(String json, boolean refreshable) throws Exception {
        assertThat(check(json.replace('\'', '"')).refreshable()).isEqualTo(refreshable);
    }

    private static TokenContent check(String json) throws MalformedContentException {
        return TokenContent.check(utf8(json));
    }

    private static String jwt(String payload) {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(utf8("{\"alg\":\"none\"}")) + "." + base64.encodeToString(utf8(payload)) + ".";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
