namespace IlgpuDca.Cli.Chat;

/// <summary>Why an answer ended.</summary>
enum AnswerEnd
{
    /// <summary>The model ended it.</summary>
    Complete,

    /// <summary>It has as many tokens as were asked for.</summary>
    Limit,

    /// <summary>The context holds no more.</summary>
    ContextFull,

    /// <summary>The user stopped it.</summary>
    Cancelled,
}
