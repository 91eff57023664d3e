using System.Text;
using IlgpuDca.Model;

namespace IlgpuDca.Evaluation.Study;

/// <summary>The files that a study reads, by the names that it gives them or by their paths.</summary>
sealed class StudyTexts
{
    static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly Dictionary<string, string> _declared = [];
    readonly IReadOnlyDictionary<string, string> _given;
    readonly Dictionary<string, StudyText> _read = [];

    public StudyTexts(string folder, JsonPlace? texts, IReadOnlyDictionary<string, string> given)
    {
        (Folder, _given) = (folder, given);
        foreach ((string name, JsonPlace place) in texts?.Members() ?? [])
            _declared[name] = place.Text();
    }

    /// <summary>The study's.</summary>
    public string Folder { get; }

    /// <summary>A text: given by a flag, declared by the study, or a path from its folder.</summary>
    public StudyText Read(JsonPlace place)
    {
        string name = place.Text();
        if (_read.TryGetValue(name, out StudyText? known))
            return known;
        string path = _given.TryGetValue(name, out string? given) ? given : Path.Combine(Folder, _declared.GetValueOrDefault(name, name));
        try
        {
            return _read[name] = new StudyText(name, File.ReadAllText(path, _strict));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw place.Wrong($"is '{name}', and there is no UTF-8 file {path} that can be read. Fix: give one with --text {name}=FILE.");
        }
    }

    /// <summary>Refuses flags that no task reads.</summary>
    public void RequireAllUsed()
    {
        foreach (string name in _given.Keys)
            if (!_read.ContainsKey(name))
                throw new UsageException($"--text {name}: no task of the study reads it; they read {(_read.Count == 0 ? "no text" : string.Join(", ", _read.Keys))}.");
    }
}
