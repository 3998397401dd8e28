package dev.tokencache.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * Fetches a key set from one URL and from nowhere else: no redirect is followed, the certificate and its name are verified,
 * the answer is bounded in size and time, and nothing is decompressed. Blocks nobody.
 */
final class KeySetUrl {
    /** The most bytes a key set may have, whether from a file or a URL. */
    static final int MAX_BYTES = 1024 * 1024;

    private static final int CONNECT_MILLIS = 5_000;
    private static final int TIMEOUT_SECONDS = 10;
    private static final int MAX_CA_BYTES = 1024 * 1024;
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]");

    private final URI url;
    private final Vertx vertx;
    private final HttpClientOptions options;

    /**
     * A URL that {@link #isAllowed}.
     *
     * @param caFile PEM certificates to verify the server by, or null for those the platform trusts; read for each fetch
     * @throws KeyException when the URL is not allowed or the file can't be read. Blocks for that look
     */
    KeySetUrl(Vertx vertx, URI url, Path caFile) {
        if (!isAllowed(url)) {
            throw new KeyException("jwks url: not https, or http to this machine itself");
        }
        this.url = url;
        this.vertx = vertx;
        options = new HttpClientOptions()
                .setSsl(url.getScheme().equals("https"))
                .setVerifyHost(true)
                .setTrustAll(false)
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setName("jwks")
                .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
        if (caFile != null) {
            KeyBytes.read("jwks caFile", caFile, MAX_CA_BYTES);
            options.setTrustOptions(new PemTrustOptions().addCertPath(caFile.toString()));
        }
    }

    /** Whether keys may come from there: https, or http from a loopback address; no credentials, no fragment. */
    static boolean isAllowed(URI url) {
        return url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null
                && ("https".equals(url.getScheme())
                        || ("http".equals(url.getScheme())
                                && LOOPBACK.matcher(url.getHost()).matches()));
    }

    /**
     * The bytes that are there now. Fails with a {@link KeyException} that says why not, without address or content:
     * {@link Unreachable} when another try may go better.
     */
    Future<Buffer> fetch() {
        HttpClient client = vertx.createHttpClient(options);
        Future<Buffer> answer = client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(url.toString())
                        .setFollowRedirects(false)
                        .putHeader(HttpHeaders.ACCEPT, "application/jwk-set+json, application/json"))
                .compose(request -> request.send().compose(KeySetUrl::read));
        return answer.timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .recover(cause -> Future.failedFuture(explained(cause)))
                .eventually(client::close);
    }

    private static Future<Buffer> read(HttpClientResponse response) {
        int status = response.statusCode();
        if (status >= 500) {
            return Future.failedFuture(new Unreachable("jwks url: answered " + status));
        }
        if (status != 200) {
            String redirect = status / 100 == 3 ? ", and redirects are not followed" : "";
            return Future.failedFuture(new KeyException("jwks url: answered " + status + redirect));
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BYTES) {
                whole.tryFail(new KeyException("jwks url: larger than " + MAX_BYTES + " bytes"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(body));
        return whole.future();
    }

    private static KeyException explained(Throwable cause) {
        if (cause instanceof KeyException known) {
            return known;
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof SSLException || t instanceof GeneralSecurityException) {
                return new KeyException("jwks url: its certificate is not trusted, or TLS failed");
            }
            if (t instanceof UnknownHostException) {
                return new Unreachable("jwks url: the name of its host is not known");
            }
        }
        return new Unreachable("jwks url: no answer");
    }

    /** Nobody answers, or not now. */
    static final class Unreachable extends KeyException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message);
        }
    }
}
