namespace IlgpuDca.Cli.Commands;

/// <summary>Trials of one length at one depth; without --depths each trial has its own.</summary>
/// <param name="Length">Tokens of prompt and answer.</param>
/// <param name="Depth">0 to 1.</param>
/// <param name="Correct">Trials whose every digit was right.</param>
/// <param name="Trials">All trials.</param>
readonly record struct PasskeyCell(int Length, double Depth, int Correct, int Trials);
