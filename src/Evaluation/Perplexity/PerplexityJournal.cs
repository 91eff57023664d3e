using System.Globalization;
using System.Text;
using System.Text.Json;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation;

/// <summary>
/// A JSON lines file of the windows that are done: a first line with what all of them share, then a line for each window. A run
/// that was interrupted goes on where it stopped; lengths and methods may be added, all else must be as it was.
/// </summary>
public sealed class PerplexityJournal : IDisposable
{
    static readonly JsonWriterOptions _options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Dictionary<(string Method, int Length, int Window), double[]> _done = [];
    readonly Dictionary<(string Method, int Length), string> _plans = [];
    readonly string _path;
    readonly FileStream _stream;

    PerplexityJournal(string path, FileStream stream) => (_path, _stream) = (path, stream);

    /// <summary>Windows that the file had when it was opened.</summary>
    public int Found { get; private init; }

    /// <summary>Opens a file for this process alone, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="settings">What all windows share, by name: model, text, protocol.</param>
    /// <exception cref="UsageException">It can't be read or written, is no such file, or was made with other settings.</exception>
    public static PerplexityJournal Open(string path, IReadOnlyDictionary<string, string> settings)
    {
        FileStream? stream = null;
        try
        {
            stream = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            if (!JournalFile.Begins(bytes, "{\"perplexity\":"u8))
                throw new UsageException($"--resume {path}: line 1 is none that perplexity wrote. Fix: give another file, or a new one.");
            int end = Array.LastIndexOf(bytes, (byte)'\n') + 1;
            string[] lines = Encoding.UTF8.GetString(bytes, 0, end).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            PerplexityJournal journal = new(path, stream) { Found = Math.Max(0, lines.Length - 1) };
            journal.Read(lines, settings);
            // An interruption may have cut the last line.
            stream.SetLength(end);
            stream.Seek(0, SeekOrigin.End);
            if (lines.Length == 0)
                journal.Write(json => WriteSettings(json, settings));
            return journal;
        }
        catch (Exception exception)
        {
            stream?.Dispose();
            if (exception is IOException or UnauthorizedAccessException or ArgumentException)
                throw new UsageException($"--resume {path}: {exception.Message} Fix: give a file that can be read and written.");
            throw;
        }
    }

    /// <summary>The windows of one method at one length.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="length">L, in tokens.</param>
    /// <param name="plan">The attention in words; other words than the file's are refused.</param>
    /// <exception cref="UsageException">The file's windows had another attention.</exception>
    public IFinishedWindows Windows(string method, int length, string plan)
    {
        if (_plans.TryGetValue((method, length), out string? kept) && kept != plan)
            throw new UsageException($"--resume {_path}: {method} at {length} tokens was measured with '{kept}', and now it is '{plan}'. Fix: give another file.");
        return new Part(this, method, length, plan);
    }

    public void Dispose() => _stream.Dispose();

    static void WriteSettings(Utf8JsonWriter json, IReadOnlyDictionary<string, string> settings)
    {
        json.WriteStartObject("perplexity");
        foreach ((string name, string value) in settings)
            json.WriteString(name, value);
        json.WriteEndObject();
    }

    void Read(string[] lines, IReadOnlyDictionary<string, string> settings)
    {
        for (int n = 0; n < lines.Length; n++)
            try
            {
                using JsonDocument line = JsonDocument.Parse(lines[n]);
                if (n == 0)
                    Compare(line.RootElement.GetProperty("perplexity"), settings);
                else
                    Keep(line.RootElement);
            }
            catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new UsageException($"--resume {_path}: line {n + 1} is none that perplexity wrote. Fix: give another file, or a new one.");
            }
    }

    void Compare(JsonElement kept, IReadOnlyDictionary<string, string> settings)
    {
        foreach ((string name, string value) in settings)
            if (kept.GetProperty(name).GetString() is var found && found != value)
                throw new UsageException($"--resume {_path}: was made with {name} '{found}', and now it is '{value}'. Fix: give another file, or the same {name}.");
    }

    void Keep(JsonElement line)
    {
        string method = line.GetProperty("method").GetString()!;
        int length = line.GetProperty("length").GetInt32();
        _done[(method, length, line.GetProperty("window").GetInt32())] = [.. line.GetProperty("nll").EnumerateArray().Select(Sum)];
        _plans[(method, length)] = line.GetProperty("attention").GetString()!;
    }

    /// <summary>A number, or the word of one that JSON has no digits for.</summary>
    static double Sum(JsonElement value) => value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetDouble();

    void Write(Action<Utf8JsonWriter> members)
    {
        MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, _options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        line.WriteByte((byte)'\n');
        _stream.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        _stream.Flush(flushToDisk: false);
    }

    sealed class Part(PerplexityJournal journal, string method, int length, string plan) : IFinishedWindows
    {
        public double[]? Find(int window) => journal._done.GetValueOrDefault((method, length, window));

        public void Add(int window, double[] sums)
        {
            journal._done[(method, length, window)] = sums;
            journal._plans[(method, length)] = plan;
            journal.Write(json =>
            {
                json.WriteString("method", method);
                json.WriteNumber("length", length);
                json.WriteNumber("window", window);
                json.WriteString("attention", plan);
                json.WriteStartArray("nll");
                foreach (double sum in sums)
                    if (double.IsFinite(sum))
                        json.WriteNumberValue(sum);
                    else
                        json.WriteStringValue(sum.ToString(CultureInfo.InvariantCulture));
                json.WriteEndArray();
            });
        }
    }
}
