using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace IlgpuDca.Loader;

/// <summary>JSON as model files must be: valid UTF-8, no duplicate key, no comment, limited depth.</summary>
static class StrictJson
{
    const int DeepestNesting = 32;

    /// <summary>Parses the bytes, whose root must be an object; throws <see cref="ModelFormatException"/>.</summary>
    public static JsonDocument Parse(string file, byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw new ModelFormatException(file, "is not valid UTF-8. Fix: download the file again.");
        return Guard(file, () =>
        {
            // Editors on Windows begin a file with a byte order mark, which JSON does not know.
            ReadOnlyMemory<byte> json = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsMemory(Encoding.UTF8.Preamble.Length) : bytes;
            var document = JsonDocument.Parse(json,
                new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = DeepestNesting });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            JsonValueKind kind = document.RootElement.ValueKind;
            document.Dispose();
            throw new ModelFormatException(file, $"holds a JSON {kind}, expected an object. Fix: check the file.");
        });
    }

    /// <summary>Runs a reader of parsed JSON; what System.Text.Json throws becomes the typed error.</summary>
    public static T Guard<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            string place = e.LineNumber is { } line ? $" in line {line + 1}" : "";
            throw new ModelFormatException(file, $"is not valid JSON{place}: {e.Message} Fix: check the file.", e);
        }
        catch (InvalidOperationException e)
        {
            // The one thing left in valid UTF-8 and valid JSON: an escaped lone surrogate.
            throw new ModelFormatException(file,
                "has a string that escapes half of a character (a lone surrogate). Fix: check the file.", e);
        }
    }
}
