using System.Text.Json;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation.Study.Tasks;

/// <summary>Passkeys of a JSON file of the form {"passkey": {"1024": {"keys": ["12345", ...]}}}.</summary>
public sealed class PasskeyKeyFile
{
    readonly string _name;
    readonly Dictionary<int, string[]> _keys = [];

    /// <summary>Reads it.</summary>
    /// <exception cref="UsageException">Another form.</exception>
    public PasskeyKeyFile(StudyText file)
    {
        (_name, Mark) = (file.Name, file.Mark);
        try
        {
            using JsonDocument document = JsonDocument.Parse(file.Content);
            foreach (JsonProperty length in document.RootElement.GetProperty("passkey").EnumerateObject())
                _keys[int.Parse(length.Name, System.Globalization.CultureInfo.InvariantCulture)] =
                    [.. length.Value.GetProperty("keys").EnumerateArray().Select(key => key.GetString()!)];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UsageException($"{file.Name}: is not of the form {{\"passkey\": {{\"1024\": {{\"keys\": [\"12345\"]}}}}}}. {exception.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The file with a mark of its content.</summary>
    public string Mark { get; }

    /// <summary>The first keys of a length.</summary>
    /// <exception cref="UsageException">It has too few.</exception>
    public string[] Of(int length, int count) => _keys.TryGetValue(length, out string[]? keys) && keys.Length >= count ? keys[..count]
        : throw new UsageException($"{_name}: has {keys?.Length ?? 0} keys of length {length}, but {count} trials were asked for. Fix: lower 'trials', or leave 'keys' out.");
}
