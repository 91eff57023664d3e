using System.Text.Json;

namespace IlgpuDca.Loader;

/// <summary>model.safetensors.index.json: which shard holds which tensor.</summary>
static class ShardIndex
{
    /// <summary>The file's name in a model folder.</summary>
    public const string FileName = "model.safetensors.index.json";

    const int LargestFile = 24 << 20;
    const int LongestName = SafetensorsHeader.LongestName;
    const int MostTensors = 200_000;

    /// <summary>Reads the weight_map, tensor to shard; throws <see cref="ModelFormatException"/>.</summary>
    public static Dictionary<string, string> Read(ModelSource source)
    {
        using FileBytes file = source.Open(FileName);
        using JsonDocument document = StrictJson.Parse(file.Name, file.ToArray(LargestFile));
        return StrictJson.Guard(file.Name, () =>
        {
            if (!document.RootElement.TryGetProperty("weight_map", out JsonElement map)
                || map.ValueKind != JsonValueKind.Object)
                throw new ModelFormatException(file.Name,
                    "has no object 'weight_map', expected tensor names with their shards. Fix: download it again.");
            return Read(file.Name, map);
        });
    }

    static Dictionary<string, string> Read(string file, JsonElement map)
    {
        var shardOf = new Dictionary<string, string>(StringComparer.Ordinal);
        var shards = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            if (shardOf.Count == MostTensors)
                throw new ModelFormatException(file, $"'weight_map' lists more than {MostTensors} tensors.");
            string tensor = ModelFormatException.Quote(entry.Name);
            if (entry.Name.Length > LongestName)
                throw new ModelFormatException(file,
                    $"'weight_map' has {tensor}, a name of {entry.Name.Length} characters, "
                    + $"expected at most {LongestName}.");
            if (entry.Value.ValueKind != JsonValueKind.String)
                throw new ModelFormatException(file,
                    $"'weight_map' gives {tensor} a JSON {entry.Value.ValueKind}, expected the name of a shard.");
            string shard = entry.Value.GetString()!;
            CheckName(file, tensor, shard);
            shards.TryAdd(shard, shard);
            shardOf.Add(entry.Name, shards[shard]);
        }
        return shardOf.Count > 0 ? shardOf
            : throw new ModelFormatException(file, "'weight_map' is empty, expected tensor names with their shards.");
    }

    /// <summary>A shard is a plain file of the model's own folder, whatever the operating system.</summary>
    static void CheckName(string file, string tensor, string shard)
    {
        bool isPlain = shard.EndsWith(".safetensors", StringComparison.Ordinal) && shard.Length <= 255
            && shard[0] != '.' && !shard.AsSpan().ContainsAny("/\\:") && !shard.Any(char.IsControl);
        if (!isPlain)
            throw new ModelFormatException(file,
                $"'weight_map' puts {tensor} into {ModelFormatException.Quote(shard)}, expected the plain name of a "
                + ".safetensors file in the model's folder. Fix: download the model again from a source you trust.");
    }
}
