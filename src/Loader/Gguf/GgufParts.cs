using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDca.Loader;

/// <summary>A GGUF model's files: one, or parts that <c>-00001-of-00003.gguf</c> numbers.</summary>
static partial class GgufParts
{
    const int MostParts = 1_000;
    const string NumberKey = "split.no", CountKey = "split.count", TensorsKey = "split.tensors.count";

    /// <summary>The GGUF file of a source without safetensors; null where it has none.</summary>
    public static string? Only(ModelSource source)
    {
        if (source.Has(ModelWeights.SingleFile) || source.Has(ShardIndex.FileName))
            return null;
        string[] models = [.. source.Names(GgufFile.Ending)
            .Where(name => Numbered().Match(name) is not { Success: true } match || match.Groups["no"].Value == "00001")
            .Order(StringComparer.Ordinal).Take(3)];
        return models.Length <= 1 ? models.FirstOrDefault() : throw new ModelFormatException(source.Name,
            $"holds several models, such as {ModelFormatException.Quote(models[0])} and "
            + $"{ModelFormatException.Quote(models[1])}. Fix: point --model at one of the files.");
    }

    /// <summary>Opens all parts and checks that they belong together; the first has the metadata.</summary>
    /// <param name="source">Where they lie.</param>
    /// <param name="file">Any part.</param>
    public static List<GgufFile> Open(ModelSource source, string file)
    {
        List<GgufFile> parts = [];
        try
        {
            Match match = Numbered().Match(file);
            int count = match.Success ? int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) : 1;
            if (count is < 1 or > MostParts)
                throw new ModelFormatException(source.NameOf(file),
                    $"is named as one of {count} parts, expected 1 to {MostParts}. Fix: restore the file's name.");
            for (int part = 0; part < count; part++)
            {
                string name = match.Success ? $"{match.Groups["name"].Value}-{part + 1:D5}-of-{count:D5}.gguf" : file;
                if (!source.Has(name))
                    throw new ModelFormatException(source.NameOf(name),
                        $"is not there, part {part + 1} of {count}. Fix: download all parts into one folder.");
                GgufFile opened = GgufFile.Open(source.Open(name));
                parts.Add(opened);
                CheckPart(opened.Metadata, part, count);
            }
            CheckTensors(parts);
            return parts;
        }
        catch
        {
            foreach (GgufFile part in parts)
                part.Dispose();
            throw;
        }
    }

    static void CheckPart(GgufMetadata metadata, int part, int count)
    {
        long named = metadata.Integer(CountKey, 0, MostParts) ?? 0;
        if (Math.Max(1, named) != count)
            throw metadata.Fault(CountKey, $"is {named}, but the file's name says {count}, expected one number");
        if (count > 1 && metadata.Integer(NumberKey, 0, MostParts) is var number && number != part)
            throw metadata.Fault(NumberKey, $"is {number?.ToString() ?? "absent"}, expected {part} in part {part + 1}");
    }

    static void CheckTensors(List<GgufFile> parts)
    {
        long tensors = parts.Sum(part => part.Tensors.Count);
        if (parts[0].Metadata.Integer(TensorsKey, 0) is { } expected && expected != tensors)
            throw parts[0].Metadata.Fault(TensorsKey, $"is {expected}, but the parts hold {tensors} tensors");
    }

    [GeneratedRegex(@"^(?<name>.+)-(?<no>\d{5})-of-(?<count>\d{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();
}
