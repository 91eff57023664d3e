using System.Text;
using System.Text.Json;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation.Study;

/// <summary>
/// The cells of a study in a file of JSON lines, each on disk when it is finished. A last line that was torn is cut away when the
/// file is opened, so that its cell runs again; any other line that can't be read is refused, never passed over.
/// </summary>
public sealed class CellStore : IDisposable
{
    static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    readonly FileStream _file;
    readonly Dictionary<CellSetting, CellRecord> _records = [];

    CellStore(FileStream file) => _file = file;

    /// <summary>What is stored: of a cell that ran twice, the later.</summary>
    public IReadOnlyDictionary<CellSetting, CellRecord> Records => _records;

    /// <summary>Opens or begins a file for this process alone.</summary>
    /// <exception cref="UsageException">It can't be opened, or has a line that is no cell.</exception>
    public static CellStore Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: {exception.Message} Fix: let no other study write there, or give another folder.");
        }
        CellStore store = new(file);
        try
        {
            file.SetLength(store.Read(path));
            file.Seek(0, SeekOrigin.End);
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Stores a cell and waits until the disk has it.</summary>
    public void Add(CellRecord record)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(record, _json), (byte)'\n'];
        _file.Write(line);
        _file.Flush(flushToDisk: true);
        _records[record.Setting] = record;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Reads the lines.</summary>
    /// <returns>Bytes up to the end of the last whole line.</returns>
    long Read(string path)
    {
        byte[] bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        if (!JournalFile.Begins(bytes, "{\"setting\":"u8))
            throw new UsageException($"{path}: line 1 is no cell of a study. Fix: give another file.");
        int start = 0;
        for (int number = 1; ; number++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
                return start;
            ReadOnlySpan<byte> line = bytes.AsSpan(start, length);
            if (Parse(line) is { } record)
                _records[record.Setting] = record;
            else if (start + length + 1 == bytes.Length)
                return start;
            else
                throw new UsageException($"{path}: line {number} is no cell of a study: '{Encoding.UTF8.GetString(line[..Math.Min(line.Length, 40)])}'. Fix: remove the line.");
            start += length + 1;
        }
    }

    static CellRecord? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            CellRecord? record = JsonSerializer.Deserialize<CellRecord>(line, _json);
            return record is { Setting.Model: not null, Setting.Task: not null, Setting.Method: not null } && (record.Measure is null) != (record.Error is null) ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
