// Begins TOTP setup with HttpClient: prints the secret, and writes its QR code to qr.png.
//   mcs -r:System.Net.Http.dll -r:System.Runtime.Serialization.dll Setup.cs
//   TOTP_API_URL=http://localhost:3000 TOTP_API_KEY=demo-key mono Setup.exe
using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Threading.Tasks;

/// <summary>The fields of both answers: the setup's, and an error's.</summary>
[DataContract]
class Answer
{
    [DataMember(Name = "secret")] public string Secret { get; set; }
    [DataMember(Name = "qr_code_url")] public string QrCodeUrl { get; set; }
    [DataMember(Name = "error")] public string Error { get; set; }
    [DataMember(Name = "details")] public string Details { get; set; }
}

static class Setup
{
    const string Png = "data:image/png;base64,";

    // Where Main just returns, Mono now and then waits a minute for idle threads.
    static void Main() => Environment.Exit(Run().GetAwaiter().GetResult());

    static async Task<int> Run()
    {
        var apiUrl = Environment.GetEnvironmentVariable("TOTP_API_URL") ?? "http://localhost:3000";
        var apiKey = Environment.GetEnvironmentVariable("TOTP_API_KEY") ?? "demo-key";
        try
        {
            using (var response = await BeginSetup(apiUrl, apiKey))
            {
                var answer = Parse(await response.Content.ReadAsStreamAsync());
                return Show(response.StatusCode, answer);
            }
        }
        catch (Exception error) when (error is HttpRequestException || error is TaskCanceledException)
        {
            return Fail($"Cannot reach {apiUrl}: {error.GetBaseException().Message}");
        }
    }

    static async Task<HttpResponseMessage> BeginSetup(string apiUrl, string apiKey)
    {
        // To follow a redirect could take the key to another host.
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using (var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(15) })
        {
            client.DefaultRequestHeaders.Add("X-API-Key", apiKey);
            return await client.PostAsync($"{apiUrl}/auth/v1/users/current/totp/setup", null);
        }
    }

    /// <summary>No fields where the body is not this API's JSON, such as the page of a proxy.</summary>
    static Answer Parse(Stream body)
    {
        try
        {
            // In .NET and Mono alike, which System.Text.Json is not.
            return (Answer)new DataContractJsonSerializer(typeof(Answer)).ReadObject(body) ?? new Answer();
        }
        catch (SerializationException)
        {
            return new Answer();
        }
    }

    static int Show(HttpStatusCode status, Answer answer)
    {
        if (status == HttpStatusCode.OK && answer.QrCodeUrl != null && answer.QrCodeUrl.StartsWith(Png))
        {
            File.WriteAllBytes("qr.png", Convert.FromBase64String(answer.QrCodeUrl.Substring(Png.Length)));
            Console.WriteLine($"Secret: {answer.Secret}");
            Console.WriteLine("QR code: qr.png (scan it, then delete it)");
            return 0;
        }
        var message = answer.Error ?? $"Unexpected answer, status {(int)status}";
        return Fail(answer.Details == null ? message : $"{message}: {answer.Details}");
    }

    static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
