package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentCallersTest {
    private static final Caller ALICE = new Caller("alice", Set.of(), Set.of(), true, 10, "a");
    private static final Caller BOB = new Caller("bob", Set.of(), Set.of(), true, 10, "b");

    private final RecentCallers recent = new RecentCallers();

    @Test
    void get_headerThatWasPut_isItsCaller() {
        for (int length = 1; length < 40; length++) {
            String header = "Bearer " + "n".repeat(length) + ".fake";
            recent.put(header, ALICE);

            assertThat(recent.get(String.valueOf(header.toCharArray())))
                    .as(header)
                    .isSameAs(ALICE);
        }
    }

    @Test
    void get_anyOtherLetter_isNobody() {
        for (int length = 20; length < 40; length++) {
            String header = "Bearer " + "n".repeat(length) + ".fake";
            recent.put(header, ALICE);
            for (int i = 0; i < header.length(); i++) {
                for (char other : new char[] {'#', (char) (header.charAt(i) ^ 0x80), (char) (header.charAt(i) + 256)}) {
                    String changed = header.substring(0, i) + other + header.substring(i + 1);
                    assertThat(recent.get(changed)).as(changed).isNull();
                }
            }
            assertThat(recent.get(header.substring(1))).isNull();
            assertThat(recent.get(header + "e")).isNull();
        }
    }

    @Test
    void get_shortOrEmpty_isNobody() {
        recent.put("Bearer n.n.fake", ALICE);

        assertThat(recent.get("")).isNull();
        assertThat(recent.get("e")).isNull();
    }

    @Test
    void put_anotherHeaderWithTheSameEnd_takesThePlace() {
        recent.put("Bearer n.1.fake", ALICE);
        recent.put("Bearer n.2.fake", BOB);

        assertThat(recent.get("Bearer n.1.fake")).isNull();
        assertThat(recent.get("Bearer n.2.fake")).isSameAs(BOB);
    }
}
