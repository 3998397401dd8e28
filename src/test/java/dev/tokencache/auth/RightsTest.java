package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RightsTest {
    private static final ClaimRules RULES =
            new ClaimRules(null, null, Duration.ZERO, Duration.ofHours(1), null, Set.of());

    private static Caller caller(String members) {
        String claims = "{\"exp\":100" + members + "}";
        Map<String, Object> parsed = StrictJson.object(claims.getBytes(StandardCharsets.UTF_8));
        return RULES.caller(parsed, 50);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tokens:read | tokens:read",
                "tokens:list tokens:read tokens:write cache:admin stats:read metrics:read | tokens:list tokens:read tokens:write cache:admin stats:read metrics:read",
                "stats:read stats:read | stats:read",
                "' tokens:read  stats:read ' | tokens:read stats:read",
                "'' | ''",
                "* | ''",
                "tokens:* | ''",
                "tokens: | ''",
                "tokens | ''",
                "TOKENS:READ | ''",
                "tokens:readx | ''",
                "tokens:rea | ''",
                "tokens:read,stats:read | ''",
                "'tokens:read\\tstats:read' | ''",
                "TOKENS_READ | ''",
                "openid profile tokens:read admin | tokens:read",
            })
    void caller_scopeClaim_grantsExactWordsOnly(String claim, String granted) {
        Caller caller = caller(",\"scope\":\"" + claim + "\"");

        assertThat(Arrays.stream(Scope.values())
                        .filter(caller::may)
                        .map(Scope::wireName)
                        .collect(Collectors.joining(" ")))
                .isEqualTo(granted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"alpha\"] | alpha | true",
                "[\"alpha\",\"beta\"] | beta | true",
                "[\"alpha\"] | Alpha | false",
                "[\"alpha\"] | alpha2 | false",
                "[\"alpha\"] | alph | false",
                "[\"alpha\"] | * | false",
                "[\"al*\"] | alpha | false",
                "[] | alpha | false",
                "[\"*\"] | alpha | true",
                "[\"*\",\"beta\"] | alpha | false",
                "[\"*\",\"beta\"] | beta | true",
                "[\"**\"] | alpha | false",
                "[\"\"] | alpha | false",
            })
    void caller_projectsClaim_grantsExactNamesOrAll(String claim, String project, boolean granted) {
        Caller caller = caller(",\"projects\":" + claim);

        assertThat(caller.mayProject(project)).isEqualTo(granted);
        assertThat(caller.allProjects()).isEqualTo(claim.equals("[\"*\"]"));
        assertThat(caller.mayProject(null)).isEqualTo(false);
    }

    @Test
    void caller_nothingClaimed_grantsNothing() {
        Caller caller = caller("");

        assertThat(caller.scopes()).isEmpty();
        assertThat(caller.mayProject("alpha")).isFalse();
        assertThat(caller.allProjects()).isFalse();
        assertThat(caller.subject()).isEmpty();
        assertThat(caller.jti()).isNull();
    }

    @Test
    void caller_atTheSecondOfItsEnd_isNobody() {
        assertThat(RULES.caller(Map.of("exp", 100L), 99)).isNotNull();
        assertThat(RULES.caller(Map.of("exp", 100L), 100)).isNull();
    }

    @Test
    void named_everyScope_hasItsWireName() {
        for (Scope scope : Scope.values()) {
            assertThat(scope.wireName())
                    .isEqualTo(scope.name().toLowerCase(Locale.ROOT).replace('_', ':'));
            assertThat(Scope.named(scope.wireName())).isSameAs(scope);
        }
        assertThat(Scope.named("nothing")).isNull();
    }
}
