using System.Text.Json;
using IlgpuDca.Model;
using IlgpuDca.Model.Benchmarks.Speed;

namespace IlgpuDca.Evaluation.Study;

/// <summary>Reads a study from JSON and checks all of it before any model is loaded.</summary>
public static class StudyFile
{
    /// <summary>The built-in model.</summary>
    public const string TinyModel = "tiny";

    /// <summary>Before the name of a shape whose weights are drawn.</summary>
    public const string ShapePrefix = "shape:";

    /// <summary>Reads a study; paths in it are relative to its folder.</summary>
    /// <param name="path">The file.</param>
    /// <param name="texts">Files that take the place of texts of these names.</param>
    /// <exception cref="UsageException">Unknown keys, wrong types, empty lists, missing files, unknown methods: a sentence with the place.</exception>
    public static StudyGrid Read(string path, IReadOnlyDictionary<string, string> texts)
    {
        string file = Path.GetFileName(path);
        using JsonDocument document = Parse(path, file);
        JsonPlace root = new(file, "", document.RootElement);
        root.RequireKeys("title", "question", "models", "methods", "dca", "lengths", "tasks", "texts", "seeds");
        StudyTexts files = new(Path.GetDirectoryName(Path.GetFullPath(path))!, root.Find("texts"), texts);
        StudyGrid grid = new()
        {
            Title = root.Require("title", "what the study is called").Text(),
            Question = root.Find("question")?.Text() ?? "",
            Models = root.Find("models") is { } models ? [.. models.Elements().Select(model => Model(model, files.Folder))] : [TinyModel],
            Methods = StudyMethods.Read(root),
            Lengths = [.. root.Require("lengths", "a list of lengths in tokens").Elements().Select(length => length.Integer(1))],
            Tasks = [.. root.Require("tasks", "a list of tasks").Elements().Select(task => StudyTasks.Read(task, files))],
            Seeds = root.Find("seeds") is { } seeds ? [.. seeds.Elements().Select(seed => (ulong)seed.Integer(0))] : [0],
        };
        files.RequireAllUsed();
        HashSet<CellSetting> seen = [];
        foreach (StudyCell cell in grid.Cells())
            if (!seen.Add(cell.Setting))
                throw new UsageException($"{file}: '{cell.Setting.Method}' with '{cell.Setting.Task}' at {cell.Setting.Length} tokens stands there twice. Fix: leave one out.");
        return grid;
    }

    static JsonDocument Parse(string path, string file)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            throw new UsageException($"{file}: is no JSON: {exception.Message.ReplaceLineEndings(" ")} Fix: correct it there.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"{path}: {exception.Message} Fix: give a study's JSON file.");
        }
    }

    static string Model(JsonPlace place, string folder)
    {
        string name = place.Text();
        if (name == TinyModel)
            return name;
        if (name.StartsWith(ShapePrefix, StringComparison.Ordinal))
            return ModelShapes.Names.Contains(name[ShapePrefix.Length..]) ? name
                : throw place.Wrong($"is '{name}', but the shapes are {string.Join(", ", ModelShapes.Names)}.");
        string path = Path.GetFullPath(Path.Combine(folder, name));
        return Path.Exists(path) ? path : throw place.Wrong($"is '{name}', and there is no {path}. Fix: give \"tiny\", \"{ShapePrefix}NAME\", or a path from the study's folder.");
    }
}
