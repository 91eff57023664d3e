namespace IlgpuDca.Loader;

/// <summary>How another format calls what config.json has, so that messages name what the user's file holds.</summary>
/// <param name="Keys">The format's name by config.json's key, such as <c>rope_scaling.factor</c>.</param>
/// <param name="Fix">What to do about a fault: the end of a sentence.</param>
sealed record ConfigNames(IReadOnlyDictionary<string, string> Keys, string Fix)
{
    /// <summary>The format's name; the key itself where there is none.</summary>
    public string Of(string key) => Keys.GetValueOrDefault(key, key);
}
