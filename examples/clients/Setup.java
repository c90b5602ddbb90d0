import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Begins TOTP setup with HttpClient: prints the secret, and writes its QR code to qr.png.
 *
 * <pre>TOTP_API_URL=http://localhost:3000 TOTP_API_KEY=demo-key java Setup.java</pre>
 */
public class Setup {
    private static final String PNG = "data:image/png;base64,";
    private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9A-Fa-f]{4}|.)");

    public static void main(String[] args) throws IOException, InterruptedException {
        String apiUrl = System.getenv().getOrDefault("TOTP_API_URL", "http://localhost:3000");
        String apiKey = System.getenv().getOrDefault("TOTP_API_KEY", "demo-key");
        HttpResponse<String> response;
        try {
            response = beginSetup(apiUrl, apiKey);
        } catch (ExecutionException | TimeoutException error) {
            fail("Cannot reach " + apiUrl + ": " + error);
            return;
        }
        String qrCodeUrl = field(response.body(), "qr_code_url");
        if (response.statusCode() == 200 && qrCodeUrl != null && qrCodeUrl.startsWith(PNG)) {
            byte[] png = Base64.getDecoder().decode(qrCodeUrl.substring(PNG.length()));
            Files.write(Path.of("qr.png"), png);
            System.out.println("Secret: " + field(response.body(), "secret"));
            System.out.println("QR code: qr.png (scan it, then delete it)");
            return;
        }
        String error = field(response.body(), "error");
        String details = field(response.body(), "details");
        String message = error != null ? error : "Unexpected answer, status " + response.statusCode();
        fail(details != null ? message + ": " + details : message);
    }

    private static HttpResponse<String> beginSetup(String apiUrl, String apiKey)
            throws ExecutionException, InterruptedException, TimeoutException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(apiUrl + "/auth/v1/users/current/totp/setup"))
                .header("X-API-Key", apiKey)
                .POST(BodyPublishers.noBody())
                .build();
        // HttpRequest's own timeout ends with the headers of the response; this one is for its body too.
        return HttpClient.newHttpClient()
                .sendAsync(request, BodyHandlers.ofString())
                .get(15, TimeUnit.SECONDS);
    }

    /**
     * A text of a flat JSON object, or null. Java has no JSON parser of its own; where your project has one, such
     * as Jackson or Gson, use that. The pattern cannot match inside a text, as quotes are escaped there.
     */
    private static String field(String json, String name) {
        Pattern pattern = Pattern.compile("\"" + name + "\"\\s*:\\s*\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"");
        Matcher matcher = pattern.matcher(json);
        if (!matcher.find()) return null;
        return ESCAPE.matcher(matcher.group(1)).replaceAll(escape -> Matcher.quoteReplacement(unescape(escape)));
    }

    private static String unescape(MatchResult escape) {
        String name = escape.group(1);
        switch (name.charAt(0)) {
            case 'b': return "\b";
            case 'f': return "\f";
            case 'n': return "\n";
            case 'r': return "\r";
            case 't': return "\t";
            case 'u': return String.valueOf((char) Integer.parseInt(name.substring(1), 16));
            default: return name;
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }
}
