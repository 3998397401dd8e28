package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.auth.AddressRange;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressesTest {
    private final ClientAddresses addresses =
            new ClientAddresses(List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("2001:db8:ffff::/48")));

    @ParameterizedTest(name = "{0} saying {1}: {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                // The header of a stranger means nothing.
                "203.0.113.1, 198.51.100.1, 203.0.113.1",
                "203.0.113.1, -, 203.0.113.1",
                "10.0.0.1, -, 10.0.0.1",
                "10.0.0.1, 198.51.100.1, 198.51.100.1",
                "::ffff:10.0.0.1, 198.51.100.1, 198.51.100.1",
                "2001:db8:ffff::1, 2001:db8::1, 2001:db8::1",
                // What stands left of the first stranger, the stranger may have written.
                "10.0.0.1, 192.0.2.9;198.51.100.1, 198.51.100.1",
                "10.0.0.1, 10.0.0.7;198.51.100.1;10.0.0.2, 198.51.100.1",
                "10.0.0.1, 192.0.2.9|198.51.100.1;10.0.0.2, 198.51.100.1",
                "10.0.0.1, 192.0.2.9|10.0.0.2, 192.0.2.9",
                // Proxies all the way.
                "10.0.0.1, 10.0.0.3;10.0.0.2, 10.0.0.3",
                // With ports.
                "10.0.0.1, 198.51.100.1:4711, 198.51.100.1",
                "10.0.0.1, [2001:db8::1]:4711, 2001:db8::1",
                "10.0.0.1, [2001:db8::1], 2001:db8::1",
                // A proxy that says nothing of use.
                "10.0.0.1, '', 10.0.0.1",
                "10.0.0.1, unknown, 10.0.0.1",
                "10.0.0.1, ';', 10.0.0.1",
                "10.0.0.1, '198.51.100.1;', 10.0.0.1",
                "10.0.0.1, localhost, 10.0.0.1",
                "10.0.0.1, 198.51.100.1;unknown;10.0.0.2, 10.0.0.2",
                "10.0.0.1, [198.51.100.1, 10.0.0.1",
                // No address at all.
                "-, 198.51.100.1, 0.0.0.0"
            })
    void of_peerAndHeader_isTheNearestStranger(String peer, String header, String expected) {
        List<String> lines = header == null
                ? List.of()
                : Arrays.stream(header.split("\\|"))
                        .map(line -> line.replace(";", ", "))
                        .toList();

        assertThat(addresses.of(peer, () -> lines)).hasToString(expected);
    }

    @Test
    void of_endlessHeader_isNotReadToItsEnd() {
        String line = String.join(",", Collections.nCopies(2_000, "10.0.0.2"));

        assertThat(addresses.of("10.0.0.1", () -> List.of("198.51.100.1," + line)))
                .hasToString("10.0.0.2");
    }
}
