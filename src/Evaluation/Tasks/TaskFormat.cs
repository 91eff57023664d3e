namespace IlgpuDca.Evaluation;

/// <summary>How a task's prompt is written.</summary>
public enum TaskFormat
{
    /// <summary>For base models: document, examples as "Question: … Answer: …", and the question with an open "Answer:".</summary>
    FewShot,

    /// <summary>For models that follow instructions: document, question, and the wish for a direct answer. Takes no examples.</summary>
    Instruction,
}
