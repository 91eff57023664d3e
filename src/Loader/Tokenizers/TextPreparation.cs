namespace IlgpuDca.Loader;

/// <summary>What is done with a text before its words are encoded.</summary>
/// <param name="Normalizer">Changes the text; null: as it is.</param>
/// <param name="Splitter">Cuts it into words; null: it is one word.</param>
sealed record TextPreparation(TextNormalizer? Normalizer, TextSplitter? Splitter);
