namespace IlgpuDca.Evaluation.Study;

/// <summary>One measurement of a grid.</summary>
/// <param name="Setting">Its identity.</param>
/// <param name="Task">What is measured.</param>
/// <param name="Method">With what attention.</param>
public sealed record StudyCell(CellSetting Setting, IStudyTask Task, Method Method);
