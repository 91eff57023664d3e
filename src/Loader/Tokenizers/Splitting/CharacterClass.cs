namespace IlgpuDca.Loader;

/// <summary>The classes of character that the patterns of byte-level BPE tell apart.</summary>
enum CharacterClass : byte
{
    /// <summary>Signs, marks and what is not assigned.</summary>
    Other,

    /// <summary>Unicode category L.</summary>
    Letter,

    /// <summary>Unicode category N.</summary>
    Number,

    /// <summary>White space but the line ends.</summary>
    Space,

    /// <summary>U+000A and U+000D.</summary>
    LineEnd,
}
