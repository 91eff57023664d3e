using System.Globalization;
using System.Text.Json;
using IlgpuDca.Cli.Flags;
using IlgpuDca.Model;

namespace IlgpuDca.Cli.Commands;

/// <summary>Passkeys of a file.</summary>
static class PasskeyKeys
{
    /// <summary>The keys of a JSON file of the form {"passkey": {"1024": {"keys": ["12345", ...]}}}.</summary>
    /// <exception cref="UsageException">Too few keys, or another form.</exception>
    public static string[] Read(string file, int length, int count)
    {
        string text = TextFlags.ReadFile(file, "--keys");
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            string name = length.ToString(CultureInfo.InvariantCulture);
            if (!document.RootElement.TryGetProperty("passkey", out JsonElement lengths)
                || !lengths.TryGetProperty(name, out JsonElement entry)
                || !entry.TryGetProperty("keys", out JsonElement keys))
                throw new UsageException($"--keys {file}: has no 'passkey.{name}.keys'. Fix: give a --length that it "
                    + "has.");
            string[] read = [.. keys.EnumerateArray().Select(key => key.GetString() ?? "")];
            if (read.Length < count)
                throw new UsageException($"--keys {file}: 'passkey.{name}.keys' has {read.Length} keys, "
                    + $"but {count} trials were asked for. Fix: lower --trials.");
            return read[..count];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new UsageException($"--keys {file}: is not of the form {{\"passkey\": {{\"1024\": {{\"keys\": "
                + $"[\"12345\"]}}}}}}. "
                + exception.Message.ReplaceLineEndings(" "));
        }
    }
}
