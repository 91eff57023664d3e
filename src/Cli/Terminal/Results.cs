using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace IlgpuDca.Cli;

/// <summary>Standard output: results and nothing else. What is written is out at once.</summary>
static class Results
{
    static readonly Lazy<Stream> _stream = new(StandardOutput.Open);
    static readonly Lazy<TextWriter> _writer = new(() => new StreamWriter(_stream.Value) { AutoFlush = true });

    /// <summary>Text as it is, without a line end.</summary>
    public static void Text(string text) => _stream.Value.Write(Encoding.UTF8.GetBytes(text));

    /// <summary>The same, for what writes by itself.</summary>
    public static TextWriter Writer => _writer.Value;

    /// <summary>A line.</summary>
    public static void Line(string text) => Text(text + "\n");

    /// <summary>One JSON object on one line.</summary>
    /// <param name="write">Writes the object's members.</param>
    public static void Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new MemoryStream();
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(bytes, options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        bytes.WriteByte((byte)'\n');
        _stream.Value.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}
