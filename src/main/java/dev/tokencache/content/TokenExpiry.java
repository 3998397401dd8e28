package dev.tokencache.content;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tokencache.TokenFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the expiry a token states while its file is read once. Members count at top level and inside the objects {@code
 * token}, {@code tokens} and {@code claudeAiOauth} there. Of several, a member that names the moment wins over {@code
 * timestamp} + {@code expires_in}, and that over the {@code exp} of a JWT in {@code access_token}, which is not verified;
 * then the outer object wins over the inner ones in the order above; then the order of {@link #MEMBERS}. A member whose
 * value is no moment ({@link Moments}) is passed over.
 */
final class TokenExpiry {
    /** The members that name the moment. */
    private static final List<String> MEMBERS = List.of(
            "expired", "expire", "expires", "expires_at", "expiresAt", "expiry", "expiry_date", "exp", "expires_at_ms");

    /** Where members count: at top level, and in the objects of these names. */
    private static final List<String> PLACES = List.of("", "token", "tokens", "claudeAiOauth");

    private static final int TOP = 0;
    private static final int NOWHERE = -1;
    private static final int MAX_TEXT = 64;

    private final long[] timestamps = new long[PLACES.size()];
    private final double[] lifetimes = new double[PLACES.size()];
    private final String[] accessTokens = new String[PLACES.size()];

    /** Where the object at depth 2 is, if one is open. */
    private int inner = NOWHERE;

    /** The member whose value comes next and where it is, or null when it doesn't count. */
    private String name;

    private int place;
    private int rank = Integer.MAX_VALUE;
    private long moment = TokenFile.NO_EXPIRY;
    private boolean refreshable;

    TokenExpiry() {
        Arrays.fill(timestamps, Moments.NONE);
        Arrays.fill(lifetimes, Double.NaN);
    }

    /** An object or array was opened at that depth, the outermost having depth 1. */
    void start(int depth) {
        if (depth == 2) {
            int index = name == null ? NOWHERE : PLACES.indexOf(name);
            inner = index == TOP ? NOWHERE : index;
        }
        name = null;
    }

    /** A member's name was read in the object at that depth. */
    void name(int depth, String member) {
        place = depth == 1 ? TOP : depth == 2 ? inner : NOWHERE;
        name = place == NOWHERE ? null : member;
    }

    /** A value that is neither object nor array is the parser's current token. */
    void scalar(JsonToken token, JsonParser parser) throws IOException {
        if (name == null || (token != JsonToken.VALUE_STRING && !token.isNumeric())) {
            return;
        }
        switch (name) {
            case "timestamp" -> timestamps[place] = Moments.parse(shortText(parser));
            case "expires_in" -> lifetimes[place] = Moments.number(shortText(parser));
            case "access_token" -> {
                if (token == JsonToken.VALUE_STRING && parser.getTextLength() <= JwtExpiry.MAX_LENGTH) {
                    accessTokens[place] = parser.getText();
                }
            }
            case "refresh_token", "refreshToken" ->
                refreshable |= token == JsonToken.VALUE_STRING && parser.getTextLength() > 0;
            default -> stated(parser);
        }
        name = null;
    }

    private void stated(JsonParser parser) throws IOException {
        int member = MEMBERS.indexOf(name);
        int candidate = place * MEMBERS.size() + member;
        if (member < 0 || candidate > rank) {
            return;
        }
        long value = Moments.parse(shortText(parser));
        if (value != Moments.NONE) {
            moment = value;
            rank = candidate;
        }
    }

    private static String shortText(JsonParser parser) throws IOException {
        return parser.getTextLength() > MAX_TEXT ? "" : parser.getText();
    }

    /** What was found; to be asked once the file was read to its end. */
    TokenContent result() {
        if (moment != Moments.NONE) {
            return new TokenContent(
                    moment, path(rank / MEMBERS.size(), MEMBERS.get(rank % MEMBERS.size())), refreshable);
        }
        for (int i = 0; i < PLACES.size(); i++) {
            long end = Moments.after(timestamps[i], lifetimes[i]);
            if (end != Moments.NONE) {
                return new TokenContent(end, path(i, "expires_in"), refreshable);
            }
        }
        for (int i = 0; i < PLACES.size(); i++) {
            long exp = accessTokens[i] == null ? Moments.NONE : JwtExpiry.of(accessTokens[i]);
            if (exp != Moments.NONE) {
                return new TokenContent(exp, path(i, "access_token.exp"), refreshable);
            }
        }
        return new TokenContent(TokenFile.NO_EXPIRY, null, refreshable);
    }

    private static String path(int place, String member) {
        return place == TOP ? member : PLACES.get(place) + '.' + member;
    }
}
