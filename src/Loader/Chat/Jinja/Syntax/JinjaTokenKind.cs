namespace IlgpuDca.Loader;

/// <summary>What a token of a template is.</summary>
enum JinjaTokenKind
{
    /// <summary>Text outside of tags.</summary>
    Text,
    PrintBegin,
    PrintEnd,
    BlockBegin,
    BlockEnd,
    Name,
    String,
    Integer,
    Float,
    Operator,
    End,
}
