namespace IlgpuDca.Loader;

/// <summary>The kinds of token, numbered as in tokenizer.model and in GGUF.</summary>
enum TokenKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
