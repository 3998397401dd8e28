package dev.tokencache.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest(name = "{0} holds {1}: {2}")
    @CsvSource({
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.1, ::ffff:192.0.2.1, true",
        "::ffff:192.0.2.1, 192.0.2.1, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.9.9.9, true",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.8/29, 192.0.2.15, true",
        "192.0.2.8/29, 192.0.2.16, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::1/128, ::2, false"
    })
    void contains_address_isDecidedByItsFirstBits(String range, String address, boolean expected) {
        assertThat(AddressRange.parse(range).contains(PeerAddress.parse(address)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "localhost",
                "proxy.example.com",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/+8",
                "10.0.0.0/08",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "10.0.0.0/255.0.0.0",
                "::/129",
                "10.0.0",
                "10.0.0.256",
                "010.0.0.1.1",
                "fe80::1%eth0",
                "*",
                "dead.beef"
            })
    void parse_anythingElse_isNull(String text) {
        assertThat(AddressRange.parse(text)).isNull();
    }

    @Test
    void network_ofAnAddress_isItselfOrItsFirst64Bits() {
        assertThat(PeerAddress.parse("192.0.2.1").network()).hasToString("192.0.2.1");
        assertThat(PeerAddress.parse("::ffff:192.0.2.1").network()).hasToString("192.0.2.1");
        assertThat(PeerAddress.parse("2001:db8:1:2:3:4:5:6").network()).hasToString("2001:db8:1:2::/64");
        assertThat(PeerAddress.parse("2001:db8:1:2:3:4:5:6")).hasToString("2001:db8:1:2:3:4:5:6");
        assertThat(PeerAddress.parse(null)).isNull();
    }
}
