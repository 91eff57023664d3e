return IlgpuDca.Cli.Application.Run(args);
