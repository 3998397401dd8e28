package dev.tokencache.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Mints bearer tokens (RFC 7519) signed with a shared secret. */
public final class JwtIssuer {
    /** The only element of {@code projects} that means all of them. */
    public static final String ALL_PROJECTS = "*";

    private static final JsonFactory JSON = new JsonFactory();
    private static final SecureRandom RANDOM = new SecureRandom();

    private JwtIssuer() {}

    /**
     * A signed token, valid from now on, with a random {@code jti} of 128 bits. Does not block.
     *
     * @param keyId the {@code kid} of its header, or null for none
     * @param algorithm HS256, HS384 or HS512
     * @param secret at least 32 bytes
     * @param subject whom the audit log shall name, not null
     * @param scopes what it grants; empty grants nothing
     * @param projects exact names, or {@link #ALL_PROJECTS}, which stands for every project whatever else is there
     * @param ttl how long it is good for: whole seconds, at least one
     * @param issuer the {@code iss} claim, or null for none
     * @param audience the {@code aud} claim, or null for none
     * @param clock what time it is
     * @throws IllegalArgumentException for another algorithm, a short secret or a ttl below one second
     */
    public static String issue(
            String keyId,
            String algorithm,
            byte[] secret,
            String subject,
            Collection<Scope> scopes,
            Collection<String> projects,
            Duration ttl,
            String issuer,
            String audience,
            Clock clock) {
        String macName = macName(algorithm);
        if (secret.length < SecretText.MIN_BYTES) {
            throw new IllegalArgumentException("secret: shorter than " + SecretText.MIN_BYTES + " bytes");
        }
        if (ttl.toSeconds() < 1) {
            throw new IllegalArgumentException("ttl: less than a second");
        }
        long now = clock.instant().getEpochSecond();
        byte[] jti = new byte[16];
        RANDOM.nextBytes(jti);
        byte[] header = object(json -> {
            writeUnlessNull(json, "kid", keyId);
            json.writeStringField("typ", "JWT");
            json.writeStringField("alg", algorithm);
        });
        byte[] claims = object(json -> {
            json.writeStringField("sub", subject);
            writeUnlessNull(json, "iss", issuer);
            writeUnlessNull(json, "aud", audience);
            json.writeNumberField("iat", now);
            json.writeNumberField("exp", Math.addExact(now, ttl.toSeconds()));
            json.writeStringField("jti", Base64Url.encode(jti));
            json.writeStringField(
                    "scope",
                    String.join(" ", scopes.stream().map(Scope::wireName).toList()));
            writeProjects(json, projects);
        });
        String signed = Base64Url.encode(header) + "." + Base64Url.encode(claims);
        return signed + "." + Base64Url.encode(mac(macName, secret, signed));
    }

    private static String macName(String algorithm) {
        return switch (algorithm) {
            case "HS256" -> "HmacSHA256";
            case "HS384" -> "HmacSHA384";
            case "HS512" -> "HmacSHA512";
            default -> throw new IllegalArgumentException("algorithm: only HS256, HS384 and HS512 can sign");
        };
    }

    private static byte[] mac(String name, byte[] secret, String text) {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(secret, name));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + name, e);
        }
    }

    private static void writeProjects(JsonGenerator json, Collection<String> projects) throws IOException {
        json.writeArrayFieldStart("projects");
        if (projects.contains(ALL_PROJECTS)) {
            json.writeString(ALL_PROJECTS);
        } else {
            for (String project : projects) {
                json.writeString(project);
            }
        }
        json.writeEndArray();
    }

    private static void writeUnlessNull(JsonGenerator json, String name, String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    private static byte[] object(Members members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @FunctionalInterface
    private interface Members {
        void write(JsonGenerator json) throws IOException;
    }
}
