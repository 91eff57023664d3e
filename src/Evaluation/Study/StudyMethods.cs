using IlgpuDca.Model;
using IlgpuDca.Model.Attention;

namespace IlgpuDca.Evaluation.Study;

/// <summary>The methods of a study, each chunked one with every combination of the lists in "dca".</summary>
static class StudyMethods
{
    public static IReadOnlyList<Method> Read(JsonPlace root)
    {
        Method[] named = [.. root.Require("methods", "a list of methods").Elements().Select(Parse)];
        if (root.Find("dca") is not { } dca)
            return named;
        dca.RequireKeys("s", "pmax", "window", "temperature");
        if (dca.Find("pmax") is { } both && dca.Find("window") is not null)
            throw both.Wrong("and dca.window say the same thing: pmax = s + window - 1. Fix: give one of them.");
        if (dca.Find("window") is { } alone && dca.Find("s") is null)
            throw alone.Wrong("needs dca.s: pmax = s + window - 1.");
        if (!named.Any(method => method.IsChunked))
            throw dca.Wrong("changes nothing, as no method has chunks. Fix: leave it out, or name dca among the methods.");
        IEnumerable<int?> chunks = Integers(dca, "s", 1), positions = Integers(dca, "pmax", 0), windows = Integers(dca, "window", 0);
        IEnumerable<TemperatureMode?> temperatures = dca.Find("temperature") is { } words ? words.Elements().Select(Temperature) : [null];
        IEnumerable<Method> changed = from s in chunks
                                      from pmax in positions
                                      from window in windows
                                      from temperature in temperatures
                                      select new Change(s, pmax ?? s + window - 1, temperature) into change
                                      from method in named.Where(method => method.IsChunked)
                                      select change.Of(method, dca);
        return [.. named.Where(method => !method.IsChunked), .. changed];
    }

    static Method Parse(JsonPlace place)
    {
        try
        {
            return Method.Parse(place.Text());
        }
        catch (UsageException exception)
        {
            throw place.Wrong($"names no method: {exception.Message}");
        }
    }

    static IEnumerable<int?> Integers(JsonPlace dca, string key, int least) =>
        dca.Find(key) is { } list ? [.. list.Elements().Select(value => (int?)value.Integer(least))] : [null];

    static TemperatureMode? Temperature(JsonPlace place) => place.Word("none", "qwen", "chunkllama05", "chunkllama10") switch
    {
        "qwen" => TemperatureMode.Qwen,
        "chunkllama05" => TemperatureMode.ChunkLlama05,
        "chunkllama10" => TemperatureMode.ChunkLlama10,
        _ => TemperatureMode.None,
    };

    /// <summary>One combination.</summary>
    readonly record struct Change(int? Chunk, int? MaxPosition, TemperatureMode? Temperature)
    {
        public Method Of(Method method, JsonPlace dca)
        {
            if (Chunk is { } s && MaxPosition is { } pmax && (pmax < s - 1 || pmax > 2L * s - 1))
                throw dca.Wrong($"combines s {s} with pmax {pmax}, which must be from {s - 1} to {2L * s - 1}. Fix: name combinations among the methods, as in \"dca:s={s}:pmax={2 * s - 1}\".");
            return method with
            {
                ChunkLength = Chunk ?? method.ChunkLength,
                MaxPosition = MaxPosition ?? method.MaxPosition,
                Temperature = Temperature ?? method.Temperature,
            };
        }
    }
}
