from kalata.cli import main

main()
